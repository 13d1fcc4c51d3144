internal import Crypto
package import PumpkiiWire

/// Tries a key once before it enters a chain or a book, so that no device ever seals to one that cannot keep a secret.
package enum SealingKeyCheck {
  /// An X25519 key must not agree to zero (RFC 9180 §7.1.4); an X-Wing key must also pass one encapsulation.
  /// - Throws: ``ChainError`` `smallOrderKey` or `malformed`.
  package static func verify(_ suite: SealingSuite, _ publicKey: [UInt8]) throws(ChainError) {
    guard publicKey.count == suite.publicKeyByteCount else { throw ChainError(.malformed, "sealing key's length") }
    guard agrees(Array(publicKey.suffix(32))) else { throw ChainError(.smallOrderKey, "sealing key") }
    guard suite == .x25519 || encapsulates(publicKey) else { throw ChainError(.malformed, "sealing key") }
  }

  private static func agrees(_ publicKey: [UInt8]) -> Bool {
    let trial = Curve25519.KeyAgreement.PrivateKey()
    guard let peer = try? Curve25519.KeyAgreement.PublicKey(rawRepresentation: publicKey),
      let secret = try? trial.sharedSecretFromKeyAgreement(with: peer)
    else { return false }
    return unsafe secret.withUnsafeBytes { bytes in unsafe bytes.contains { $0 != 0 } }
  }

  private static func encapsulates(_ publicKey: [UInt8]) -> Bool {
    guard let key = try? XWingMLKEM768X25519.PublicKey(rawRepresentation: publicKey) else { return false }
    return (try? key.encapsulate()) != nil
  }
}
