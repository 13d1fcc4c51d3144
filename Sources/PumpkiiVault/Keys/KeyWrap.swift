internal import Crypto
internal import FoundationEssentials
internal import PumpkiiChain
internal import PumpkiiWire

/// HPKE base mode (RFC 9180) as the key message uses it: one context an entry, one seal a class, ascending.
struct KeyWrap {
  let suite: SealingSuite
  let deviceKey: SigningKey
  let client: ClientID
  let keyID: KeyID
  let epoch: UInt32
  let uid: EpochUID
  let rosterVersion: UInt64
  let rosterHash: PumpkiiWire.Digest

  /// A base key of a class, sealed or to be sealed, with the commitment that the head names for it.
  struct Part {
    let mediaClass: MediaClass
    let commit: PumpkiiWire.Digest
    var aad: [UInt8] { [mediaClass.rawValue] + commit.bytes }
  }

  /// What binds the sealed keys to their device, recipient, epoch and roster.
  var info: [UInt8] {
    var writer = ByteWriter(capacity: 192)
    writer.write(Array("pumpkii/1 epoch-key".utf8))
    writer.write(UInt8(0))
    writer.write(suite.rawValue)
    writer.write(deviceKey)
    writer.write(client)
    writer.write(keyID)
    writer.write(epoch)
    writer.write(uid)
    writer.write(rosterVersion)
    writer.write(rosterHash)
    return writer.bytes
  }

  /// Seals `keys` to `publicKey`.
  /// - Throws: ``VaultError`` `badKey`.
  func seal(_ keys: [(Part, SecretBytes)], to publicKey: [UInt8]) throws(VaultError) -> (
    enc: [UInt8], sealed: [[UInt8]]
  ) {
    do {
      try SealingKeyCheck.verify(suite, publicKey)
      var sender = try sender(to: publicKey)
      let sealed = try keys.map { part, key in
        try unsafe key.withUnsafeBytes { Array(try unsafe sender.seal($0, authenticating: part.aad)) }
      }
      return (Array(sender.encapsulatedKey), sealed)
    } catch { throw VaultError(.badKey, "HPKE seal") }
  }

  private func sender(to publicKey: [UInt8]) throws -> HPKE.Sender {
    switch suite {
    case .x25519:
      let key = try Curve25519.KeyAgreement.PublicKey(rawRepresentation: publicKey)
      return try HPKE.Sender(
        recipientKey: key, ciphersuite: HPKEOpener.ciphersuite(suite, .aes256GCM), info: Data(info))
    case .xWing:
      let key = try XWingMLKEM768X25519.PublicKey(rawRepresentation: publicKey)
      return try HPKE.Sender(
        recipientKey: key, ciphersuite: HPKEOpener.ciphersuite(suite, .aes256GCM), info: Data(info))
    }
  }

  /// Opens what ``seal(_:to:)`` sealed.
  /// - Throws: ``VaultError`` `badKey` for an `enc` of small order, `badTag` when anything bound differs.
  func open(_ sealed: [(Part, [UInt8])], enc: [UInt8], with pair: SealingKeyPair) throws(VaultError) -> [SecretBytes] {
    var opener = try HPKEOpener(pair: pair, enc: enc, info: info)
    var keys: [SecretBytes] = []
    for (part, bytes) in sealed { keys.append(try opener.open(bytes, aad: part.aad)) }
    return keys
  }
}
