/// One item of a stream or of a kept file: an object, or a control item `version | type | 0 u16 | length u32 | body`.
package enum WireItem: Sendable, Equatable {
  /// The types on the wire; numbers never change their meaning.
  package enum Kind: UInt8, Sendable, CaseIterable {
    case object = 1
    case keyHead = 2
    case keyEntry = 3
    case beacon = 4
    case clip = 5
    /// Relay to viewer: objects that this viewer's queue lost. A hint; the viewer counts for itself.
    case loss = 6
    /// Nothing happened; the connection lives.
    case heartbeat = 7
    /// Relay to device: KID u64, index u32 of an object taken.
    case acknowledgement = 8
    /// Relay to device: the tree root over viewers' nonces that the next beacon answers.
    case challenge = 9
    /// Relay to viewer, after the beacon that it belongs to: how one of its nonces leads to the beacon's challenge.
    case noncePath = 10
    /// Relay to viewer: whether the device's line is open. A hint, like everything that is not signed.
    case presence = 11
  }

  /// The first byte of every item.
  package static let version: UInt8 = 1
  package static let controlHeaderByteCount = 8

  /// A whole object, header to signature, with its decoded header.
  case object(ObjectHeader, [UInt8])
  /// A control item's body.
  case control(Kind, [UInt8])

  package var kind: Kind {
    switch self {
    case .object: .object
    case .control(let kind, _): kind
    }
  }

  /// The bytes as they stand on the wire.
  package var bytes: [UInt8] {
    switch self {
    case .object(_, let bytes): return bytes
    case .control(let kind, let body):
      var writer = ByteWriter(capacity: body.count + Self.controlHeaderByteCount)
      writer.write(Self.version)
      writer.write(kind.rawValue)
      writer.write(UInt16(0))
      writer.writeLong(body)
      return writer.bytes
    }
  }
}
