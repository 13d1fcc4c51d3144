internal import Crypto
internal import PumpkiiChain
package import PumpkiiWire

/// The 128 bits that a device shows when it pairs, and what both sides prove with them.
package struct PairingSecret: Sendable {
  /// Who makes a MAC.
  package enum Role: UInt8, Sendable {
    case client = 1
    case device = 2
  }

  /// What both sides must have seen alike.
  package struct Transcript: Sendable, Equatable {
    /// D.
    package var deviceKey: SigningKey
    /// C.
    package var clientKey: SigningKey
    /// The owner-to-be.
    package var account: AccountID
    /// The head of the chain that was shown.
    package var accountHead: PumpkiiWire.Digest
    /// Of the offer.
    package var deviceNonce: PumpkiiWire.Nonce
    /// Of the answer.
    package var clientNonce: PumpkiiWire.Nonce

    /// The values of one pairing.
    package init(
      deviceKey: SigningKey, clientKey: SigningKey, account: AccountID, accountHead: PumpkiiWire.Digest,
      deviceNonce: PumpkiiWire.Nonce, clientNonce: PumpkiiWire.Nonce
    ) {
      self.deviceKey = deviceKey
      self.clientKey = clientKey
      self.account = account
      self.accountHead = accountHead
      self.deviceNonce = deviceNonce
      self.clientNonce = clientNonce
    }
  }

  static let byteCount = 16
  private let secret: SecretBytes

  /// A new secret of random bytes.
  package init() { secret = SecretBytes(randomCount: Self.byteCount) }

  /// - Throws: ``VaultError`` `badCode` for another length than 16.
  package init(bytes: [UInt8]) throws(VaultError) {
    guard bytes.count == Self.byteCount else { throw VaultError(.badCode, "length of the pairing secret") }
    secret = SecretBytes(bytes)
  }

  /// Reads what a person typed.
  /// - Throws: ``VaultError`` `badCode` when its check symbol does not fit.
  package init(code: some StringProtocol) throws(VaultError) {
    let symbols = CrockfordBase32.normalized(code)
    var bytes = try CrockfordBase32.decode(Array(symbols.dropLast()), count: Self.byteCount, "pairing code")
    defer { CryptoWipe.wipe(&bytes) }
    guard CrockfordBase32.check(bytes) == symbols.last else {
      throw VaultError(.badCode, "pairing code has a wrong symbol")
    }
    secret = SecretBytes(bytes)
  }

  /// 26 symbols and one to check them, in groups of four.
  package var code: String {
    var bytes = secret.exposed
    defer { CryptoWipe.wipe(&bytes) }
    return CrockfordBase32.grouped(CrockfordBase32.encode(bytes) + [CrockfordBase32.check(bytes)])
  }

  /// Where the two meet: it tells nothing of the secret.
  package var mailbox: MailboxID {
    var bytes = secret.exposed
    defer { CryptoWipe.wipe(&bytes) }
    let digest = Hashes.sha256(Array("pumpkii/1 pair-id".utf8) + [0], bytes)
    guard let mailbox = try? MailboxID(digest.bytes) else { preconditionFailure("a SHA-256 value has 32 bytes") }
    return mailbox
  }

  /// HMAC-SHA-512 under HKDF(secret, "pumpkii/1 pair"), first 32 bytes.
  package func mac(_ role: Role, _ transcript: Transcript) -> PumpkiiWire.Digest {
    var message = ByteWriter(capacity: 192)
    message.write(role.rawValue)
    message.write(transcript.deviceKey)
    message.write(transcript.clientKey)
    message.write(transcript.account)
    message.write(transcript.accountHead)
    message.write(transcript.deviceNonce)
    message.write(transcript.clientNonce)
    let derived = KeyDerivation.labeled("pumpkii/1 pair", from: secret, count: 32)
    let key = unsafe derived.withUnsafeBytes { unsafe SymmetricKey(data: $0) }
    let mac = Array(HMAC<SHA512>.authenticationCode(for: message.bytes, using: key).prefix(32))
    guard let digest = try? PumpkiiWire.Digest(mac) else { preconditionFailure("32 bytes were taken") }
    return digest
  }

  /// Holds the other side's MAC against ours.
  /// - Throws: ``VaultError`` `badMAC`.
  package func check(_ mac: PumpkiiWire.Digest, _ role: Role, _ transcript: Transcript) throws(VaultError) {
    guard CryptoWipe.equal(mac.bytes, self.mac(role, transcript).bytes) else {
      throw VaultError(.badMAC, "pairing: the other side did not see the same secret")
    }
  }
}
