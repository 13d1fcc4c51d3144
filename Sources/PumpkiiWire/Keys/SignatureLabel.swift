/// The closed list of what is ever signed: Ed25519 over `"pumpkii/1 " label 0x00 body`.
package enum SignatureLabel: String, Sendable, CaseIterable {
  case object
  case keyHead = "key-head"
  case beacon
  case clip
  case account
  case sealingKey = "sealing-key"
  case roster
  case redeem
  case statement
  case policy
  case command
  case history
  case login
  case ledger

  /// The bytes that are signed.
  package func message(_ body: some Sequence<UInt8>) -> [UInt8] { message(Array(body)) }

  /// As above, in one piece of memory: every object is signed.
  package func message(_ body: [UInt8]) -> [UInt8] {
    let (head, name) = ("pumpkii/1 ".utf8, rawValue.utf8)
    var message: [UInt8] = []
    message.reserveCapacity(head.count + name.count + 1 + body.count)
    message.append(contentsOf: head)
    message.append(contentsOf: name)
    message.append(0)
    message.append(contentsOf: body)
    return message
  }
}

/// How a sealing key receives an epoch key by HPKE base mode (RFC 9180); chosen by the account chain, never negotiated.
package enum SealingSuite: UInt8, Sendable, CaseIterable {
  /// DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM.
  case x25519 = 1
  /// X-Wing (ML-KEM-768 + X25519, KEM 0x647a), HKDF-SHA256, AES-256-GCM.
  case xWing = 2

  /// Bytes of a public key.
  package var publicKeyByteCount: Int { self == .x25519 ? 32 : 1216 }
  /// Bytes of `enc`.
  package var encapsulatedByteCount: Int { self == .x25519 ? 32 : 1120 }
}
