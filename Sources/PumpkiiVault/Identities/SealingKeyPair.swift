internal import Crypto
internal import FoundationEssentials
internal import PumpkiiChain
package import PumpkiiWire

/// The key pair that receives epoch keys: a client's announced sealing key, or the paper key's.
package struct SealingKeyPair: Sendable {
  enum Storage: Sendable {
    case x25519(Curve25519.KeyAgreement.PrivateKey)
    case xWing(XWingMLKEM768X25519.PrivateKey)
  }

  let storage: Storage
  /// The suite it belongs to.
  package let suite: SealingSuite
  /// The public half, as announced.
  package let publicKey: [UInt8]
  /// The name of the public half.
  package let keyID: KeyID

  /// A new key pair of random bytes.
  package init(suite: SealingSuite) {
    guard let made = try? SealingKeyPair(suite: suite, secret: SecretBytes(randomCount: 32)) else {
      preconditionFailure("every 32 bytes are a private key of both suites")
    }
    self = made
  }

  /// The key pair of a 32-byte secret: an X25519 scalar or an X-Wing seed.
  /// - Throws: ``VaultError`` `badKey` for another length.
  package init(suite: SealingSuite, secret: SecretBytes) throws(VaultError) {
    self.suite = suite
    do {
      switch suite {
      case .x25519:
        let key = try unsafe secret.withUnsafeBytes {
          try unsafe Curve25519.KeyAgreement.PrivateKey(rawRepresentation: $0)
        }
        storage = .x25519(key)
        publicKey = Array(key.publicKey.rawRepresentation)
      case .xWing:
        let key = try unsafe secret.withUnsafeBytes {
          try unsafe XWingMLKEM768X25519.PrivateKey(seedRepresentation: $0, publicKey: nil)
        }
        storage = .xWing(key)
        publicKey = Array(key.publicKey.rawRepresentation)
      }
    } catch { throw VaultError(.badKey, "sealing secret") }
    keyID = KeyID(suite: suite, publicKey: publicKey)
  }

  /// Suite octet and secret: what a file keeps. Secret; wipe it after use.
  package var serialized: [UInt8] {
    // A view of the key's own memory, which the key wipes: to overwrite it here would be to overwrite the key.
    let secret =
      switch storage {
      case .x25519(let key): key.rawRepresentation
      case .xWing(let key): key.seedRepresentation
      }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(1 + secret.count)
    bytes.append(suite.rawValue)
    bytes.append(contentsOf: secret)
    return bytes
  }

  /// - Throws: ``VaultError`` `badKey`.
  package init(serialized: [UInt8]) throws(VaultError) {
    guard let first = serialized.first, let suite = SealingSuite(rawValue: first) else {
      throw VaultError(.badKey, "sealing suite")
    }
    var secret = Array(serialized.dropFirst())
    try self.init(suite: suite, secret: SecretBytes(takingAndWiping: &secret))
  }

  /// Reads the file that ``save(_:)`` wrote; nil when there is none.
  /// - Throws: ``VaultError`` `storage` or `badKey`.
  package static func load(_ path: String) throws(VaultError) -> SealingKeyPair? {
    guard var bytes = try KeyFile.load(.sealing, from: path) else { return nil }
    defer { CryptoWipe.wipe(&bytes) }
    return try SealingKeyPair(serialized: bytes)
  }

  /// Writes the secret to a file of mode 0600, synced before it is there.
  /// - Throws: ``VaultError`` `storage`.
  package func save(_ path: String) throws(VaultError) {
    var bytes = serialized
    defer { CryptoWipe.wipe(&bytes) }
    try KeyFile.save(bytes, .sealing, to: path)
  }
}
