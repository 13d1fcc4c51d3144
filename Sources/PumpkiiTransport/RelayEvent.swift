internal import FoundationEssentials
package import PumpkiiWire

/// What a relay tells a device or a client on its event stream.
package enum RelayEvent: Sendable, Equatable {
  /// The stream stands; what happened before it must be asked for.
  case ready
  /// To a device: the classes somebody watches now; empty when nobody does.
  case wanted(ClassMask)
  /// To a device: a roster operation waits, named by the SHA-256 of its bytes.
  case operation(Digest)
  /// To a device: a policy document waits.
  case policy(version: UInt64)
  /// To a device: a client's signed command, as it was sent.
  case command([UInt8])
  /// To a device: the chain or the sealing keys of an account that its roster names changed.
  case account(AccountID)
  /// To a client: the roster of a device changed.
  case roster(DeviceID, version: UInt64)
  /// To a client: a device began an epoch.
  case keys(DeviceID, epoch: UInt32)
  /// To a client: its rights at a device ended.
  case cut(DeviceID)
  /// To a client: a clip of a device is stored, of which it may see something.
  case clip(DeviceID, number: UInt64)
  /// Something newer than this program; to be left alone.
  case unknown(String)

  /// - Throws: ``TransportError`` `relay-malformed` when a known event lacks what it must carry.
  package init(_ event: ServerSentEvent) throws(TransportError) {
    let fields = Fields(event.data)
    switch event.name {
    case "ready": self = .ready
    case "wanted":
      guard let names = fields.classes else { throw Self.lacking("classes", event) }
      self = .wanted(ClassMask(classes: names.compactMap { MediaClass(name: $0) }))
    case "operation": self = .operation(try Self.need(fields.hash.flatMap { try? Digest(hex: $0) }, "hash", event))
    case "policy": self = .policy(version: try Self.need(fields.version, "version", event))
    case "command": self = .command(try Self.need(fields.bytes.flatMap { Base64URL.decode($0) }, "bytes", event))
    case "account":
      self = .account(try Self.need(fields.account.flatMap { try? AccountID(hex: $0) }, "account", event))
    case "roster":
      self = .roster(try Self.device(fields, event), version: try Self.need(fields.version, "version", event))
    case "keys": self = .keys(try Self.device(fields, event), epoch: try Self.need(fields.epoch, "epoch", event))
    case "clip":
      self = .clip(try Self.device(fields, event), number: try Self.need(fields.number, "number", event))
    case "cut": self = .cut(try Self.device(fields, event))
    default: self = .unknown(event.name)
    }
  }

  /// The union of what the events carry; which of them must be there depends on the event.
  private struct Fields: Decodable {
    var classes: [String]?
    var hash: String?
    var version: UInt64?
    var bytes: String?
    var account: String?
    var device: String?
    var epoch: UInt32?
    var number: UInt64?

    init(_ data: String) {
      if let decoded = try? JSONDecoder().decode(Fields.self, from: Data(data.utf8)) { self = decoded }
    }
  }

  private static func device(_ fields: Fields, _ event: ServerSentEvent) throws(TransportError) -> DeviceID {
    try need(fields.device.flatMap { try? DeviceID(hex: $0) }, "device", event)
  }

  private static func need<Value>(
    _ value: Value?, _ name: String, _ event: ServerSentEvent
  ) throws(TransportError) -> Value {
    guard let value else { throw lacking(name, event) }
    return value
  }

  private static func lacking(_ name: String, _ event: ServerSentEvent) -> TransportError {
    TransportError(.malformed, "the relay's event `\(event.name)` lacks `\(name)`")
  }
}
