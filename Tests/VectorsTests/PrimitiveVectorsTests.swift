import Crypto
import Foundation
import PumpkiiChain
import PumpkiiVault
import PumpkiiWire
import Testing

/// Wycheproof and RFC vectors of the primitives under the protocol, each by the code that the protocol runs.
struct PrimitiveVectorsTests {
  struct GCMGroup: Decodable {
    struct Case: Decodable {
      let key: HexBytes
      let iv: HexBytes
      let aad: HexBytes
      let msg: HexBytes
      let ct: HexBytes
      let tag: HexBytes
      let result: Verdict
    }
    let ivSize: Int
    let keySize: Int
    let tagSize: Int
    let tests: [Case]
  }

  @Test func aesGCM() throws {
    var tally = Tally("Wycheproof AES-GCM")
    for group in try VectorFile.load("wycheproof/aes_gcm_test.json", as: Wycheproof<GCMGroup>.self).testGroups {
      for vector in group.tests {
        guard group.ivSize == 96, group.tagSize == 128 else {
          tally.skip("nonces are 96 bits and tags 128")
          continue
        }
        // With the nonce as salt and counter 0 the nonce comes out as it is.
        let keys = SFrameKeys(kid: 0, key: SecretBytes(vector.key.bytes), salt: SecretBytes(vector.iv.bytes))
        let opener = try GCMContext(key: keys.key, seals: false)
        let opened = opener.open((vector.ct.bytes + vector.tag.bytes)[...], keys, 0, aad: vector.aad.bytes)
        #expect(opened == (vector.result == .valid ? vector.msg.bytes : nil))
        let sealer = try GCMContext(key: keys.key, seals: true)
        let sealed = sealer.seal(vector.msg.bytes, keys, 0, aad: vector.aad.bytes)
        #expect((sealed == vector.ct.bytes + vector.tag.bytes) == (vector.result == .valid))
        tally.run()
      }
    }
    tally.report()
    #expect(tally.ran == 197)
  }

  struct HKDFGroup: Decodable {
    struct Case: Decodable {
      let ikm: HexBytes
      let salt: HexBytes
      let info: HexBytes
      let size: Int
      let okm: HexBytes
      let result: Verdict
    }
    let tests: [Case]
  }

  @Test func hkdfSHA512() throws {
    var tally = Tally("Wycheproof HKDF-SHA-512")
    for group in try VectorFile.load("wycheproof/hkdf_sha512_test.json", as: Wycheproof<HKDFGroup>.self).testGroups {
      for vector in group.tests {
        let made = try? KeyDerivation.hkdf(
          secret: SecretBytes(vector.ikm.bytes), salt: vector.salt.bytes, info: vector.info.bytes, count: vector.size)
        #expect(made?.exposed == (vector.result == .valid ? vector.okm.bytes : nil))
        tally.run()
      }
    }
    tally.report()
    #expect(tally.ran == 83)
  }

  struct RFC5869: Decodable {
    struct Case: Decodable {
      let ikm: HexBytes
      let salt: HexBytes?
      let info: HexBytes?
      let l: String
      let okm: HexBytes
    }
    let hkdfSha256: [Case]
  }

  @Test func rfc5869() throws {
    var tally = Tally("RFC 5869")
    for vector in try VectorFile.load("rfc/rfc5869-sha256.json", as: RFC5869.self).hkdfSha256 {
      let made = try KeyDerivation.hkdf(
        .sha256, secret: SecretBytes(vector.ikm.bytes), salt: vector.salt?.bytes ?? [],
        info: vector.info?.bytes ?? [], count: try #require(Int(vector.l)))
      #expect(made.exposed == vector.okm.bytes)
      tally.run()
    }
    tally.report()
    #expect(tally.ran == 3)
  }

  struct XDHGroup: Decodable {
    struct Case: Decodable {
      let flags: [String]
      let `public`: HexBytes
      let `private`: HexBytes
      let shared: HexBytes
      let result: Verdict
    }
    let tests: [Case]
  }

  @Test func x25519() throws {
    var tally = Tally("Wycheproof X25519")
    var refused = 0
    for group in try VectorFile.load("wycheproof/x25519_test.json", as: Wycheproof<XDHGroup>.self).testGroups {
      for vector in group.tests {
        let pair = try SealingKeyPair(suite: .x25519, secret: SecretBytes(vector.private.bytes))
        if vector.shared.bytes.allSatisfy({ $0 == 0 }) {
          #expect(throws: ChainError(.smallOrderKey, "")) { try SealingKeyCheck.verify(.x25519, vector.public.bytes) }
          #expect(throws: VaultError(.badKey, "")) { try HPKEOpener(pair: pair, enc: vector.public.bytes, info: []) }
          refused += 1
        } else {
          let key = try Curve25519.KeyAgreement.PrivateKey(rawRepresentation: vector.private.bytes)
          let point = try Curve25519.KeyAgreement.PublicKey(rawRepresentation: vector.public.bytes)
          let shared = try key.sharedSecretFromKeyAgreement(with: point)
          #expect(unsafe shared.withUnsafeBytes { unsafe Array($0) } == vector.shared.bytes)
        }
        tally.run()
      }
    }
    print("vectors Wycheproof X25519: \(refused) of these have a zero secret and must be refused")
    tally.report()
    #expect(tally.ran == 518)
    #expect(refused >= 31)
  }

  struct RFC7748: Decodable {
    struct Case: Decodable {
      let inputScalar: HexBytes
      let inputU: HexBytes
      let outputU: HexBytes
    }
    struct Agreement: Decodable {
      let alicePrivate: HexBytes
      let alicePublic: HexBytes
      let bobPrivate: HexBytes
      let bobPublic: HexBytes
      let shared: HexBytes
    }
    struct Iterated: Decodable {
      let kUStart: HexBytes
      let after1000: HexBytes
    }
    let x25519: [Case]
    let diffieHellman: Agreement
    let x25519Iterated: Iterated
  }

  private func agree(_ scalar: [UInt8], _ point: [UInt8]) throws -> [UInt8] {
    let shared = try Curve25519.KeyAgreement.PrivateKey(rawRepresentation: scalar)
      .sharedSecretFromKeyAgreement(with: Curve25519.KeyAgreement.PublicKey(rawRepresentation: point))
    return unsafe shared.withUnsafeBytes { unsafe Array($0) }
  }

  @Test func rfc7748() throws {
    var tally = Tally("RFC 7748 X25519")
    let file = try VectorFile.load("rfc/rfc7748.json", as: RFC7748.self)
    for vector in file.x25519 {
      #expect(try agree(vector.inputScalar.bytes, vector.inputU.bytes) == vector.outputU.bytes)
      tally.run()
    }
    let both = file.diffieHellman
    for (own, other, pair) in [
      (both.alicePrivate, both.bobPublic, both.alicePublic), (both.bobPrivate, both.alicePublic, both.bobPublic),
    ] {
      #expect(try SealingKeyPair(suite: .x25519, secret: SecretBytes(own.bytes)).publicKey == pair.bytes)
      #expect(try agree(own.bytes, other.bytes) == both.shared.bytes)
      tally.run()
    }
    var (scalar, point) = (file.x25519Iterated.kUStart.bytes, file.x25519Iterated.kUStart.bytes)
    for _ in 0..<1000 { (scalar, point) = (try agree(scalar, point), scalar) }
    #expect(scalar == file.x25519Iterated.after1000.bytes)
    tally.run()
    tally.report()
    #expect(tally.ran == 6)
  }
}
