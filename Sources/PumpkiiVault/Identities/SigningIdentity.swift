internal import Crypto
package import PumpkiiWire

/// An Ed25519 key pair (RFC 8032): a device's `D`, a client's `C`, or the paper key's signing half. It signs structures
/// under the closed list of labels and nothing else; no function signs bytes that a peer chose alone.
package struct SigningIdentity: Sendable {
  private let key: Curve25519.Signing.PrivateKey
  /// The public half.
  package let publicKey: SigningKey

  /// A new identity of random bytes.
  package init() { self.init(Curve25519.Signing.PrivateKey()) }

  /// The identity of a 32-byte seed.
  /// - Throws: ``VaultError`` `badKey` for another length.
  package init(seed: [UInt8]) throws(VaultError) {
    guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed) else {
      throw VaultError(.badKey, "signing seed")
    }
    self.init(key)
  }

  /// The identity of a 32-byte seed that stays in wiped memory.
  /// - Throws: ``VaultError`` `badKey` for another length.
  init(seed: SecretBytes) throws(VaultError) {
    let key = unsafe seed.withUnsafeBytes { seed in
      try? unsafe Curve25519.Signing.PrivateKey(rawRepresentation: seed)
    }
    guard let key else { throw VaultError(.badKey, "signing seed") }
    self.init(key)
  }

  private init(_ key: Curve25519.Signing.PrivateKey) {
    self.key = key
    guard let publicKey = try? SigningKey(Array(key.publicKey.rawRepresentation)) else {
      preconditionFailure("an Ed25519 public key has 32 bytes")
    }
    self.publicKey = publicKey
  }

  /// Reads the file that ``save(_:)`` wrote; nil when there is none.
  /// - Throws: ``VaultError`` `storage` or `badKey`.
  package static func load(_ path: String) throws(VaultError) -> SigningIdentity? {
    guard var seed = try KeyFile.load(.signing, from: path) else { return nil }
    defer { CryptoWipe.wipe(&seed) }
    return try SigningIdentity(seed: seed)
  }

  /// Writes the seed to a file of mode 0600, synced before it is there.
  /// - Throws: ``VaultError`` `storage`.
  package func save(_ path: String) throws(VaultError) {
    var seed = Array(key.rawRepresentation)
    defer { CryptoWipe.wipe(&seed) }
    try KeyFile.save(seed, .signing, to: path)
  }

  /// Signs `body` under `label`.
  package func sign(_ label: SignatureLabel, _ body: [UInt8]) -> PumpkiiWire.Signature {
    guard let raw = try? key.signature(for: label.message(body)),
      let signature = try? PumpkiiWire.Signature(Array(raw))
    else { preconditionFailure("Ed25519 signs every message") }
    return signature
  }

  /// Signs a structure: the bytes that are signed are the bytes that are sent.
  package func sign<Body: WireBody>(_ body: Body, _ label: SignatureLabel) -> Signed<Body> {
    Signed(body: body, signature: sign(label, body.encoded))
  }
}
