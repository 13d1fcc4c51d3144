internal import Crypto
internal import FoundationEssentials
internal import PumpkiiWire

/// The recipient's side of HPKE base mode (RFC 9180): one `enc`, then ciphertexts in the order of their sealing.
package struct HPKEOpener: Sendable {
  /// The AEAD. The protocol uses AES-256-GCM; the published X-Wing vectors exist for ChaCha20-Poly1305 only.
  package enum AEAD: Sendable {
    case aes256GCM
    case chaChaPoly
  }

  private var recipient: HPKE.Recipient

  /// - Throws: ``VaultError`` `badKey` for an `enc` of the wrong length or of small order.
  package init(pair: SealingKeyPair, enc: [UInt8], info: [UInt8], aead: AEAD = .aes256GCM) throws(VaultError) {
    guard enc.count == pair.suite.encapsulatedByteCount else { throw VaultError(.badKey, "length of enc") }
    if case .x25519(let key) = pair.storage { try Self.check(enc, key) }
    do {
      let suite = Self.ciphersuite(pair.suite, aead)
      recipient =
        switch pair.storage {
        case .x25519(let key):
          try HPKE.Recipient(privateKey: key, ciphersuite: suite, info: Data(info), encapsulatedKey: Data(enc))
        case .xWing(let key):
          try HPKE.Recipient(privateKey: key, ciphersuite: suite, info: Data(info), encapsulatedKey: Data(enc))
        }
    } catch { throw VaultError(.badKey, "enc") }
  }

  /// Opens the next ciphertext.
  /// - Throws: ``VaultError`` `badTag`.
  package mutating func open(_ sealed: [UInt8], aad: [UInt8]) throws(VaultError) -> SecretBytes {
    do {
      var plaintext = try recipient.open(sealed, authenticating: aad)
      defer { plaintext.resetBytes(in: plaintext.startIndex..<plaintext.endIndex) }
      return unsafe plaintext.withUnsafeBytes { plaintext in
        unsafe SecretBytes(count: plaintext.count) { unsafe $0.copyMemory(from: plaintext) }
      }
    } catch { throw VaultError(.badTag, "HPKE") }
  }

  static func ciphersuite(_ suite: SealingSuite, _ aead: AEAD) -> HPKE.Ciphersuite {
    HPKE.Ciphersuite(
      kem: suite == .x25519 ? .Curve25519_HKDF_SHA256 : .XWingMLKEM768X25519, kdf: .HKDF_SHA256,
      aead: aead == .aes256GCM ? .AES_GCM_256 : .chaChaPoly)
  }

  /// The library does not look at the result of an agreement, so an `enc` of small order would make a shared secret
  /// that everybody knows (RFC 9180 §7.1.4).
  private static func check(_ enc: [UInt8], _ key: Curve25519.KeyAgreement.PrivateKey) throws(VaultError) {
    guard let point = try? Curve25519.KeyAgreement.PublicKey(rawRepresentation: enc),
      let secret = try? key.sharedSecretFromKeyAgreement(with: point),
      unsafe secret.withUnsafeBytes({ unsafe $0.contains { $0 != 0 } })
    else { throw VaultError(.badKey, "enc of small order") }
  }
}
