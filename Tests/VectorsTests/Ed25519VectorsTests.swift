import Crypto
import Foundation
import PumpkiiVault
import PumpkiiWire
import Testing

/// Ed25519 by swift-crypto, which both signs and verifies for us.
struct Ed25519VectorsTests {
  struct Group: Decodable {
    struct Key: Decodable { let pk: HexBytes }
    struct Case: Decodable {
      let msg: HexBytes
      let sig: HexBytes
      let result: Verdict
    }
    let publicKey: Key
    let tests: [Case]
  }

  @Test func wycheproof() throws {
    var tally = Tally("Wycheproof Ed25519")
    for group in try VectorFile.load("wycheproof/ed25519_test.json", as: Wycheproof<Group>.self).testGroups {
      let key = try Curve25519.Signing.PublicKey(rawRepresentation: group.publicKey.pk.bytes)
      for vector in group.tests {
        #expect(key.isValidSignature(vector.sig.bytes, for: vector.msg.bytes) == (vector.result == .valid))
        if vector.sig.bytes.count != PumpkiiWire.Signature.byteCount {
          #expect(throws: WireError.self) { try PumpkiiWire.Signature(vector.sig.bytes) }
        }
        tally.run()
      }
    }
    tally.report()
    #expect(tally.ran == 151)
  }

  struct RFC8032: Decodable {
    struct Case: Decodable {
      let secretKey: HexBytes
      let publicKey: HexBytes
      let message: HexBytes
      let signature: HexBytes
    }
    let ed25519: [Case]
  }

  @Test func rfc8032() throws {
    var tally = Tally("RFC 8032")
    for vector in try VectorFile.load("rfc/rfc8032-ed25519.json", as: RFC8032.self).ed25519 {
      #expect(try SigningIdentity(seed: vector.secretKey.bytes).publicKey.bytes == vector.publicKey.bytes)
      let key = try Curve25519.Signing.PrivateKey(rawRepresentation: vector.secretKey.bytes)
      #expect(try Array(key.signature(for: vector.message.bytes)) == vector.signature.bytes)
      #expect(key.publicKey.isValidSignature(vector.signature.bytes, for: vector.message.bytes))
      tally.run()
    }
    tally.report()
    #expect(tally.ran == 5)
  }
}
