/// What somebody agreed to or withdrew.
package struct ConsentRecord: Sendable, Equatable {
  /// What was done.
  package enum Act: UInt8, Sendable, CaseIterable {
    /// Flags were set by a policy document.
    case flags = 1
    /// Flags were taken away; nothing was given.
    case narrowed = 2
    /// The terms were accepted, or their acceptance was withdrawn.
    case terms = 3
    /// The risk was acknowledged, or that was withdrawn.
    case risk = 4
    /// Everything was denied until ``resumed``; the flags stay what they are.
    case paused = 5
    case resumed = 6
    /// Flags were given other times (1), or none any more (0).
    case times = 7
    /// Another sensor than before was confirmed (1), or none any more (0).
    case sensors = 8
    /// Denials made on the board were taken back; the owner's policy decides again.
    case restored = 9
  }

  /// Where it came from.
  package enum Origin: UInt8, Sendable, CaseIterable {
    case owner = 1
    case guest = 2
    /// Somebody at the board itself.
    case board = 3
    /// The configuration file of whoever runs the board.
    case ceiling = 4
    /// The device by itself, for instance when a text changed.
    case device = 5
  }

  /// The text that stood before the eyes of who decided.
  package struct Text: Sendable, Equatable {
    /// Of the text, as the program that showed it names it.
    package var version: String
    /// SHA-256 of the text.
    package var hash: Digest

    package init(version: String, hash: Digest) {
      self.version = version
      self.hash = hash
    }
  }

  package var act: Act
  package var origin: Origin
  /// The flags that it names otherwise than what it replaces.
  package var settings: [PolicyDocument.Setting]
  /// The owner's policy that holds with it; 0 and zero where there is none.
  package var policyVersion: UInt64
  package var policyHash: Digest
  package var text: Text
  /// Nil at the board and for its file.
  package var person: SealedPerson?

  package init(
    act: Act, origin: Origin, settings: [PolicyDocument.Setting], policyVersion: UInt64, policyHash: Digest,
    text: Text, person: SealedPerson? = nil
  ) {
    self.act = act
    self.origin = origin
    self.settings = settings
    self.policyVersion = policyVersion
    self.policyHash = policyHash
    self.text = text
    self.person = person
  }

  func write(to writer: inout ByteWriter) {
    writer.write(act.rawValue)
    writer.write(origin.rawValue)
    writer.write(UInt8(clamping: settings.count))
    for setting in settings.prefix(Int(UInt8.max)) {
      writer.writeText(setting.flag)
      writer.write(setting.allow ? UInt8(1) : 0)
    }
    writer.write(policyVersion)
    writer.write(policyHash)
    writer.writeText(text.version)
    writer.write(text.hash)
    writer.write(person == nil ? UInt8(0) : 1)
    person?.write(to: &writer)
  }

  init(_ reader: inout ByteReader) throws(WireError) {
    act = try reader.readCase("consent act")
    origin = try reader.readCase("consent origin")
    let count = try Int(reader.read(UInt8.self, "flags"))
    guard count <= WireLimits.flags else { throw WireError(.overLimit, "flags") }
    settings = []
    for _ in 0..<count {
      let flag = try reader.readText("flag")
      settings.append(PolicyDocument.Setting(flag: flag, allow: try reader.readTruth("flag value")))
    }
    policyVersion = try reader.read("policy version")
    policyHash = try reader.read("policy hash")
    text = Text(version: try reader.readText("text version"), hash: try reader.read("text hash"))
    person = try reader.readTruth("person") ? SealedPerson(&reader) : nil
  }
}
