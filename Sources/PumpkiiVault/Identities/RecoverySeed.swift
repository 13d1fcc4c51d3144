internal import PumpkiiChain
package import PumpkiiWire

/// The paper key: 32 bytes shown once, from which an account's recovery keys are derived when every client is lost.
package struct RecoverySeed: Sendable {
  private let seed: SecretBytes
  /// Signs recovery entries of the account's chain ("recovery sign").
  package let signing: SigningIdentity
  /// Receives every epoch key of the owner's cameras ("recovery seal"): X-Wing.
  package let sealing: SealingKeyPair

  /// A new seed of random bytes.
  package init() {
    guard let made = try? RecoverySeed(seed: SecretBytes(randomCount: 32)) else {
      preconditionFailure("every 32 bytes are a seed")
    }
    self = made
  }

  /// - Throws: ``VaultError`` `badKey` when `bytes` is not 32 bytes long.
  package init(bytes: [UInt8]) throws(VaultError) { try self.init(seed: SecretBytes(bytes)) }

  /// Reads the text that a person kept.
  /// - Throws: ``VaultError`` `badCode` when a symbol is wrong.
  package init(text: some StringProtocol) throws(VaultError) {
    var raw = try CrockfordBase32.decode(
      CrockfordBase32.normalized(text), count: 32 + Self.checkByteCount, "recovery text")
    var bytes = Array(raw.prefix(32))
    defer {
      CryptoWipe.wipe(&raw)
      CryptoWipe.wipe(&bytes)
    }
    guard Self.check(bytes) == Array(raw.suffix(Self.checkByteCount)) else {
      throw VaultError(.badCode, "recovery text has a wrong symbol")
    }
    try self.init(bytes: bytes)
  }

  private init(seed: SecretBytes) throws(VaultError) {
    guard seed.count == 32 else { throw VaultError(.badKey, "recovery seed") }
    self.seed = seed
    signing = try SigningIdentity(seed: KeyDerivation.labeled("pumpkii/1 recovery sign", from: seed, count: 32))
    sealing = try SealingKeyPair(
      suite: .xWing, secret: KeyDerivation.labeled("pumpkii/1 recovery seal", from: seed, count: 32))
  }

  /// 56 symbols in 14 groups: the seed and 24 bits of its hash. Secret; for a person's paper or a QR code.
  package var text: String {
    var bytes = seed.exposed
    var whole = bytes + Self.check(bytes)
    defer {
      CryptoWipe.wipe(&bytes)
      CryptoWipe.wipe(&whole)
    }
    return CrockfordBase32.grouped(CrockfordBase32.encode(whole))
  }

  /// What the account's genesis names.
  package var recovery: AccountEntry.Recovery {
    AccountEntry.Recovery(signing: signing.publicKey, suite: sealing.suite, sealing: sealing.publicKey)
  }

  /// 24 bits: one mistyped paper key in sixteen million goes unnoticed.
  private static let checkByteCount = 3

  private static func check(_ seed: [UInt8]) -> [UInt8] {
    Array(Hashes.sha256(Array("pumpkii/1 recovery check".utf8), seed).bytes.prefix(checkByteCount))
  }
}
