/// The owner's flags for one device, signed by an owner client with the label `policy`.
package struct PolicyDocument: WireBody {
  package static let fieldName = "policy document"
  /// One flag and what the owner says of it.
  package struct Setting: Sendable, Equatable {
    /// A flag's name as in `sensor.camera`.
    package var flag: String
    package var allow: Bool
    package init(flag: String, allow: Bool) {
      self.flag = flag
      self.allow = allow
    }
  }

  package var device: DeviceID
  /// Monotonic; a device takes only a higher one.
  package var version: UInt64
  /// Unix µs by the signer's clock.
  package var time: UInt64
  package var account: AccountID
  /// Who signed.
  package var client: ClientID
  /// Ascending by name, each flag once; a flag that is absent is denied.
  package var settings: [Setting]
  /// What narrows the flags further.
  package var conditions: PolicyConditions

  package init(
    device: DeviceID, version: UInt64, time: UInt64, account: AccountID, client: ClientID, settings: [Setting],
    conditions: PolicyConditions = PolicyConditions()
  ) {
    self.device = device
    self.version = version
    self.time = time
    self.account = account
    self.client = client
    self.settings = settings.sorted { $0.flag < $1.flag }
    self.conditions = conditions
  }

  package func write(to writer: inout ByteWriter) {
    writer.write(device)
    writer.write(version)
    writer.write(time)
    writer.write(account)
    writer.write(client)
    writer.write(UInt16(settings.count))
    for setting in settings {
      writer.writeText(setting.flag)
      writer.write(setting.allow ? UInt8(1) : 0)
    }
    conditions.write(to: &writer)
  }

  /// - Throws: ``WireError``; `unknownType` for a person's own policy, `overLimit`, `order` and `unknownValue` for
  ///   flags and conditions.
  package init(_ reader: inout ByteReader) throws(WireError) {
    device = try reader.read("device id")
    guard device.bytes != AccountPolicyDocument.tag else { throw WireError(.unknownType, Self.fieldName) }
    version = try reader.read("policy version")
    guard version < WireLimits.policyVersions else { throw WireError(.overLimit, "policy version") }
    time = try reader.read("time")
    account = try reader.read("account id")
    client = try reader.read("client id")
    settings = try Self.settings(&reader)
    conditions = try PolicyConditions(rest: &reader)
  }

  /// Flags as any policy writes them.
  /// - Throws: ``WireError``.
  static func settings(_ reader: inout ByteReader) throws(WireError) -> [Setting] {
    let count = try Int(reader.read(UInt16.self, "flags"))
    guard count <= WireLimits.flags else { throw WireError(.overLimit, "flags") }
    var settings: [Setting] = []
    for _ in 0..<count {
      let flag = try reader.readText("flag")
      if let last = settings.last, last.flag >= flag { throw WireError(.order, "flags") }
      settings.append(Setting(flag: flag, allow: try reader.readTruth("flag value")))
    }
    return settings
  }
}
