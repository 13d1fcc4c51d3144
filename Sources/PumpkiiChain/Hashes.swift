internal import Crypto
package import PumpkiiWire

/// SHA-256 as the protocol uses it: of one byte string, or of several one after the other.
package enum Hashes {
  /// SHA-256 of `bytes`.
  package static func sha256(_ bytes: some Sequence<UInt8>) -> PumpkiiWire.Digest {
    fixed(Array(SHA256.hash(data: Array(bytes))))
  }

  /// SHA-256 of the parts' concatenation.
  package static func sha256(_ first: [UInt8], _ second: [UInt8], _ more: [UInt8]...) -> PumpkiiWire.Digest {
    var hasher = SHA256()
    hasher.update(data: first)
    hasher.update(data: second)
    for part in more { hasher.update(data: part) }
    return fixed(Array(hasher.finalize()))
  }

  /// The first bytes of a hash as an identifier. `bytes` is a SHA-256 value, so it is never shorter than an identifier.
  static func fixed<Value: FixedBytes>(_ bytes: [UInt8]) -> Value {
    guard let value = try? Value(Array(bytes.prefix(Value.byteCount))) else {
      preconditionFailure("a SHA-256 value has 32 bytes")
    }
    return value
  }
}

extension DeviceID {
  /// SHA-256("pumpkii/1 device" ‖ D), first 16 bytes.
  package init(of key: SigningKey) {
    self = Hashes.fixed(Hashes.sha256(Array("pumpkii/1 device".utf8), key.bytes).bytes)
  }
}

extension ClientID {
  /// SHA-256("pumpkii/1 client" ‖ C), first 16 bytes.
  package init(of key: SigningKey) {
    self = Hashes.fixed(Hashes.sha256(Array("pumpkii/1 client".utf8), key.bytes).bytes)
  }
}

extension KeyID {
  /// Of a sealing key: SHA-256(suite ‖ public key), first 8 bytes.
  package init(suite: SealingSuite, publicKey: [UInt8]) {
    self = Hashes.fixed(Hashes.sha256([suite.rawValue], publicKey).bytes)
  }

  /// Of a signing key: the same with the suite octet 0, which no sealing suite has.
  package init(signing key: SigningKey) {
    self = Hashes.fixed(Hashes.sha256([0], key.bytes).bytes)
  }
}
