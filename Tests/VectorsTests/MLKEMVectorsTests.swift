import Crypto
import Foundation
import PumpkiiChain
import PumpkiiWire
import Testing

/// ML-KEM-768, the half of X-Wing that classical vectors do not cover.
struct MLKEMVectorsTests {
  struct DecapsulationGroup: Decodable {
    struct Case: Decodable {
      let seed: HexBytes
      let ekSha256: HexBytes?
      let c: HexBytes
      // The decoder's key strategy begins a key in lower case.
      let k: HexBytes
      let result: Verdict

      enum CodingKeys: String, CodingKey {
        case seed, ekSha256, c, result
        case k = "K"
      }
    }
    let tests: [Case]
  }

  @Test func decapsulation() throws {
    var tally = Tally("Wycheproof ML-KEM-768 decapsulation")
    let file: Wycheproof<DecapsulationGroup> = try VectorFile.load("wycheproof/mlkem_768_decaps_trimmed.json")
    for vector in file.testGroups.flatMap(\.tests) {
      tally.run()
      guard vector.result == .valid else {
        #expect(throws: (any Error).self) {
          try MLKEM768.PrivateKey(seedRepresentation: vector.seed.bytes, publicKey: nil).decapsulate(vector.c.bytes)
        }
        continue
      }
      let key = try MLKEM768.PrivateKey(seedRepresentation: vector.seed.bytes, publicKey: nil)
      #expect(Array(SHA256.hash(data: key.publicKey.rawRepresentation)) == vector.ekSha256?.bytes)
      #expect(try key.decapsulate(vector.c.bytes) == SymmetricKey(data: vector.k.bytes))
    }
    tally.report()
    #expect(tally.ran == 193)
  }

  struct EncapsulationGroup: Decodable {
    struct Case: Decodable {
      let ek: HexBytes
      let result: Verdict
    }
    let tests: [Case]
  }

  @Test func badEncapsulationKeysAreRefused() throws {
    var tally = Tally("Wycheproof ML-KEM-768 encapsulation keys")
    let file: Wycheproof<EncapsulationGroup> = try VectorFile.load("wycheproof/mlkem_768_encaps_trimmed.json")
    let point = Array(Curve25519.KeyAgreement.PrivateKey().publicKey.rawRepresentation)
    for vector in file.testGroups.flatMap(\.tests) {
      let library = (try? MLKEM768.PublicKey(rawRepresentation: vector.ek.bytes).encapsulate()) != nil
      let ours = (try? SealingKeyCheck.verify(.xWing, vector.ek.bytes + point)) != nil
      #expect(library == (vector.result == .valid))
      #expect(ours == (vector.result == .valid))
      tally.run()
    }
    tally.report()
    #expect(tally.ran == 140)
  }
}
