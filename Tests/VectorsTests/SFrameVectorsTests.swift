import PumpkiiVault
import PumpkiiWire
import Testing

/// RFC 9605 appendix C.
struct SFrameVectorsTests {
  struct File: Decodable {
    struct Header: Decodable {
      let kid: UInt64
      let ctr: UInt64
      let encoded: HexBytes
    }
    struct Object: Decodable {
      let cipherSuite: UInt16
      let kid: UInt64
      let ctr: UInt64
      let baseKey: HexBytes
      let sframeKey: HexBytes
      let sframeSalt: HexBytes
      let metadata: HexBytes
      let pt: HexBytes
      let ct: HexBytes
    }
    let header: [Header]
    let sframe: [Object]
  }

  private let file: File
  init() throws { file = try VectorFile.load("sframe/test-vectors.json") }

  @Test func headersEncodeAndDecode() throws {
    var tally = Tally("RFC 9605 headers")
    for vector in file.header {
      let header = SFrameHeader(kid: vector.kid, ctr: vector.ctr)
      #expect(header.bytes == vector.encoded.bytes)
      #expect(header.byteCount == vector.encoded.bytes.count)
      var reader = ByteReader(vector.encoded.bytes)
      #expect(try SFrameHeader(&reader) == header)
      #expect(reader.remaining == 0)
      tally.run()
    }
    tally.report()
    #expect(tally.ran == 289)
  }

  @Test func objectsSealAndOpen() throws {
    var tally = Tally("RFC 9605 objects")
    for vector in file.sframe {
      guard let suite = SFrameSuite(rawValue: vector.cipherSuite) else {
        tally.skip("suites 1 to 3 with CTR and HMAC are not built in")
        continue
      }
      let keys = try SFrameKeys(suite: suite, baseKey: SecretBytes(vector.baseKey.bytes), kid: vector.kid)
      #expect(keys.key.exposed == vector.sframeKey.bytes)
      #expect(keys.salt.exposed == vector.sframeSalt.bytes)
      var sealer = try SFrameSealer(keys: keys, first: vector.ctr)
      #expect(try sealer.seal(vector.pt.bytes, metadata: vector.metadata.bytes) == vector.ct.bytes)
      let opener = try SFrameOpener(keys: keys)
      let opened = try opener.open(vector.ct.bytes[...], metadata: vector.metadata.bytes)
      #expect(opened.plaintext == vector.pt.bytes)
      #expect(opened.header.ctr == vector.ctr)
      for place in vector.ct.bytes.indices {
        var changed = vector.ct.bytes
        changed[place] ^= 1
        #expect(throws: VaultError.self) { try opener.open(changed[...], metadata: vector.metadata.bytes) }
      }
      #expect(throws: VaultError(.badTag, "")) { try opener.open(vector.ct.bytes[...], metadata: []) }
      tally.run()
    }
    tally.report()
    #expect(tally.ran == 2)
  }
}
