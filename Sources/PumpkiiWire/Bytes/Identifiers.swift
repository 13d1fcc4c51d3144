// The identifiers of docs/protocol.md, each a type of its own so that one cannot stand in for another.

/// A camera's name on the wire: SHA-256("pumpkii/1 device" ‖ D), first 16 bytes.
package struct DeviceID: FixedBytes {
  package static let byteCount = 16
  package let bytes: [UInt8]
  /// - Throws: ``WireError`` `truncated` for another number of bytes.
  package init(_ bytes: [UInt8]) throws(WireError) { self.bytes = try Self.checked(bytes) }
}

/// A program of an account: SHA-256("pumpkii/1 client" ‖ C), first 16 bytes.
package struct ClientID: FixedBytes {
  package static let byteCount = 16
  package let bytes: [UInt8]
  /// - Throws: ``WireError`` `truncated` for another number of bytes.
  package init(_ bytes: [UInt8]) throws(WireError) { self.bytes = try Self.checked(bytes) }
}

/// SHA-256 of an account chain's genesis entry.
package struct AccountID: FixedBytes {
  package static let byteCount = 32
  package let bytes: [UInt8]
  /// - Throws: ``WireError`` `truncated` for another number of bytes.
  package init(_ bytes: [UInt8]) throws(WireError) { self.bytes = try Self.checked(bytes) }
}

/// First 8 bytes of SHA-256(suite ‖ public key).
package struct KeyID: FixedBytes {
  package static let byteCount = 8
  package let bytes: [UInt8]
  /// - Throws: ``WireError`` `truncated` for another number of bytes.
  package init(_ bytes: [UInt8]) throws(WireError) { self.bytes = try Self.checked(bytes) }
}

/// Random bytes of one epoch, bound into every object's AAD.
package struct EpochUID: FixedBytes {
  package static let byteCount = 16
  package let bytes: [UInt8]
  /// - Throws: ``WireError`` `truncated` for another number of bytes.
  package init(_ bytes: [UInt8]) throws(WireError) { self.bytes = try Self.checked(bytes) }
}

/// Random bytes of one start of the device.
package struct BootNonce: FixedBytes {
  package static let byteCount = 16
  package let bytes: [UInt8]
  /// - Throws: ``WireError`` `truncated` for another number of bytes.
  package init(_ bytes: [UInt8]) throws(WireError) { self.bytes = try Self.checked(bytes) }
}

/// A SHA-256 value.
package struct Digest: FixedBytes {
  package static let byteCount = 32
  package let bytes: [UInt8]
  /// - Throws: ``WireError`` `truncated` for another number of bytes.
  package init(_ bytes: [UInt8]) throws(WireError) { self.bytes = try Self.checked(bytes) }
}

/// An Ed25519 public key (RFC 8032).
package struct SigningKey: FixedBytes {
  package static let byteCount = 32
  package let bytes: [UInt8]
  /// - Throws: ``WireError`` `truncated` for another number of bytes.
  package init(_ bytes: [UInt8]) throws(WireError) { self.bytes = try Self.checked(bytes) }
}

/// An Ed25519 signature (RFC 8032).
package struct Signature: FixedBytes {
  package static let byteCount = 64
  package let bytes: [UInt8]
  /// - Throws: ``WireError`` `truncated` for another number of bytes.
  package init(_ bytes: [UInt8]) throws(WireError) { self.bytes = try Self.checked(bytes) }
}

/// Where two programs meet to pair: SHA-256("pumpkii/1 pair-id" 0x00 ‖ secret).
package struct MailboxID: FixedBytes {
  package static let byteCount = 32
  package let bytes: [UInt8]
  /// - Throws: ``WireError`` `truncated` for another number of bytes.
  package init(_ bytes: [UInt8]) throws(WireError) { self.bytes = try Self.checked(bytes) }
}

/// Sixteen random bytes, used once: of a pairing, or of a viewer who wants to know that what it sees is live.
package struct Nonce: FixedBytes {
  package static let byteCount = 16
  package let bytes: [UInt8]
  /// - Throws: ``WireError`` `truncated` for another number of bytes.
  package init(_ bytes: [UInt8]) throws(WireError) { self.bytes = try Self.checked(bytes) }
}

/// The relay's random bytes of one login.
package struct Challenge: FixedBytes {
  package static let byteCount = 32
  package let bytes: [UInt8]
  /// - Throws: ``WireError`` `truncated` for another number of bytes.
  package init(_ bytes: [UInt8]) throws(WireError) { self.bytes = try Self.checked(bytes) }
}

extension EpochUID {
  /// 16 zero bytes: no epoch yet.
  package static let zero = EpochUID(zeros: ())
  private init(zeros _: ()) { bytes = Array(repeating: 0, count: Self.byteCount) }
}

extension Digest {
  /// 32 zero bytes: the hash before a chain's first entry.
  package static let zero = Digest(zeros: ())
  private init(zeros _: ()) { bytes = Array(repeating: 0, count: Self.byteCount) }
}
