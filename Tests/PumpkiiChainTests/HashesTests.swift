import PumpkiiChain
import PumpkiiWire
import Testing

@Suite struct HashesTests {
  let bytes = Array(0..<32 as Range<UInt8>)

  @Test func partsHashLikeTheirConcatenation() throws {
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    #expect(Hashes.sha256("abc".utf8).hex == abc)
    #expect(Hashes.sha256(Array("a".utf8), Array("bc".utf8)).hex == abc)
    #expect(Hashes.sha256(Array("a".utf8), [], Array("b".utf8), Array("c".utf8)).hex == abc)
    #expect(Hashes.sha256([UInt8]()).hex.hasPrefix("e3b0c442"))
  }

  /// Computed by another implementation (Python's hashlib).
  @Test func identifiersAreTheDocumentedDerivations() throws {
    let key = try SigningKey(bytes)
    #expect(DeviceID(of: key).hex == "646f39f9f7e7b4d96efd3245c220d7b8")
    #expect(ClientID(of: key).hex == "9ad805a69b82566ddb8b2592eb575823")
    #expect(KeyID(signing: key).hex == "699cacdb4c39d8e0")
    #expect(KeyID(suite: .x25519, publicKey: bytes).hex == "491176b0f443c65a")
    #expect(KeyID(suite: .xWing, publicKey: [UInt8](repeating: 0, count: 1216)).hex == "e28b54313837d6cb")
  }
}
