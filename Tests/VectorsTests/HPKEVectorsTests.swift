import Crypto
import Foundation
import PumpkiiVault
import PumpkiiWire
import Testing

/// RFC 9180 and the X-Wing draft, the recipient's side: what our entries rest on.
struct HPKEVectorsTests {
  struct Vector: Decodable {
    struct Encryption: Decodable {
      let aad: HexBytes
      let ct: HexBytes
      let pt: HexBytes
    }
    let mode: Int
    let kemId: Int
    let kdfId: Int
    let aeadId: Int
    let info: HexBytes
    let skRm: HexBytes
    let pkRm: HexBytes
    let enc: HexBytes
    let sharedSecret: HexBytes
    let encryptions: [Encryption]
  }

  private func open(_ vector: Vector, _ suite: SealingSuite, _ aead: HPKEOpener.AEAD, _ count: Int) throws {
    let pair = try SealingKeyPair(suite: suite, secret: SecretBytes(vector.skRm.bytes))
    #expect(pair.publicKey == vector.pkRm.bytes)
    var opener = try HPKEOpener(pair: pair, enc: vector.enc.bytes, info: vector.info.bytes, aead: aead)
    for encryption in vector.encryptions.prefix(count) {
      #expect(try opener.open(encryption.ct.bytes, aad: encryption.aad.bytes).exposed == encryption.pt.bytes)
    }
    var other = try HPKEOpener(pair: pair, enc: vector.enc.bytes, info: vector.info.bytes + [0], aead: aead)
    let first = try #require(vector.encryptions.first)
    #expect(throws: VaultError(.badTag, "")) { try other.open(first.ct.bytes, aad: first.aad.bytes) }
    var wrongOrder = try HPKEOpener(pair: pair, enc: vector.enc.bytes, info: vector.info.bytes, aead: aead)
    let second = vector.encryptions[1]
    #expect(throws: VaultError(.badTag, "")) { try wrongOrder.open(second.ct.bytes, aad: second.aad.bytes) }
  }

  @Test func rfc9180() throws {
    var tally = Tally("RFC 9180 X25519")
    for vector in try VectorFile.load("hpke/rfc9180-x25519-base-auth.json", as: [Vector].self) {
      guard vector.mode == 0 else {
        tally.skip("auth mode is not used")
        continue
      }
      // Sequences 0 to 7 follow each other; the file's 255 and 256 need those between.
      try open(vector, .x25519, vector.aeadId == 2 ? .aes256GCM : .chaChaPoly, 8)
      tally.run()
    }
    tally.report()
    #expect(tally.ran == 2)
  }

  @Test func xWingDraft() throws {
    var tally = Tally("HPKE X-Wing draft")
    for vector in try VectorFile.load("hpke/hpke-pq-mlkem768-x25519.json", as: [Vector].self) {
      guard vector.kemId == 0x647a else {
        tally.skip("plain ML-KEM-768 is not used")
        continue
      }
      let key = try XWingMLKEM768X25519.PrivateKey(seedRepresentation: vector.skRm.bytes, publicKey: nil)
      let secret = try key.decapsulate(Data(vector.enc.bytes))
      #expect(secret == SymmetricKey(data: vector.sharedSecret.bytes))
      if vector.kdfId == 1 { try open(vector, .xWing, .chaChaPoly, 8) }
      tally.run()
    }
    print("vectors HPKE X-Wing draft: of these 1 decapsulated only, because SHAKE256 as KDF is not used")
    tally.report()
    #expect(tally.ran == 2)
  }

  struct OwnFile: Decodable {
    struct Entry: Decodable {
      let name: String
      let seed: HexBytes
      let publicKey: HexBytes
      let enc: HexBytes
      let sharedSecret: HexBytes
      let info: HexBytes
      let encryptions: [Vector.Encryption]
    }
    let entries: [Entry]
  }

  /// X-Wing with AES-256-GCM has no published vectors; these were sealed by the second implementation.
  @Test func xWingWithAES256GCM() throws {
    var tally = Tally("X-Wing AES-256-GCM, own")
    for vector in try VectorFile.load("pumpkii/xwing-aes256gcm.json", as: OwnFile.self).entries {
      let pair = try SealingKeyPair(suite: .xWing, secret: SecretBytes(vector.seed.bytes))
      #expect(pair.publicKey == vector.publicKey.bytes)
      let key = try XWingMLKEM768X25519.PrivateKey(seedRepresentation: vector.seed.bytes, publicKey: nil)
      #expect(try key.decapsulate(Data(vector.enc.bytes)) == SymmetricKey(data: vector.sharedSecret.bytes))
      var opener = try HPKEOpener(pair: pair, enc: vector.enc.bytes, info: vector.info.bytes)
      for encryption in vector.encryptions {
        #expect(try opener.open(encryption.ct.bytes, aad: encryption.aad.bytes).exposed == encryption.pt.bytes)
      }
      tally.run()
    }
    tally.report()
    #expect(tally.ran >= 3)
  }
}
