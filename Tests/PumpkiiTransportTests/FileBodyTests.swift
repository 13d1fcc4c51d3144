import Foundation
import PumpkiiChain
import PumpkiiSystem
import PumpkiiTransport
import PumpkiiWire
import Testing

@Suite struct FileBodyTests {
  private func withFile(_ bytes: [UInt8], _ body: (String) async throws -> Void) async throws {
    let path = NSTemporaryDirectory() + "pumpkii-body-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try DurableFile.write(bytes, to: path)
    try await body(path)
  }

  @Test func partsComeInTheirOrderAndNoPieceIsLarge() async throws {
    let bytes = (0..<1_400_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
    try await withFile(bytes) { path in
      let body = FileBody([.bytes([1, 2, 3]), .file(path: path, from: 5, count: bytes.count - 7), .bytes([9])])
      for _ in 0..<2 {
        var read: [UInt8] = []
        for try await piece in body {
          #expect(piece.count <= 1 << 20)
          read += piece
        }
        #expect(read.count == body.byteCount)
        #expect(read == [1, 2, 3] + bytes[5..<bytes.count - 2] + [9])
      }
    }
  }

  @Test func aFileThatGotShorterIsAnErrorAndNoShortBody() async throws {
    try await withFile([1, 2, 3]) { path in
      let body = FileBody([.file(path: path, from: 0, count: 4)])
      await #expect(throws: TransportError(.closed, "")) {
        for try await _ in body {}
      }
    }
  }

  @Test func aRelayTakesAFileAsItTakesBytes() async throws {
    try await TestRelay.run(plain: true) { relay in
      let device = try TestDevice()
      let connection = try RelayConnection(address: try await relay.address, signer: .device(device.identity))
      let path = "/v1/accounts/\(device.ownerChain.id.hex)/chain"
      let chain = EntryList.encode(device.ownerChain.entries)
      try await connection.send(.post, path, body: chain, authenticated: false)
      let roster = EntryList.encode([device.genesis])
      try await withFile(roster) { file in
        let body = FileBody([
          .bytes(Array(roster.prefix(10))), .file(path: file, from: 10, count: roster.count - 10),
        ])
        try await connection.send(.put, "/v1/cameras/\(device.id.hex)/roster", body: body)
      }
      #expect(try await connection.get("/v1/cameras/\(device.id.hex)/roster") == roster)
      await connection.shutdown()
    }
  }
}
