import NIOCore
import NIOPosix
import PumpkiiChain
import PumpkiiTransport
import Testing

@Suite struct PinnedCertificateTests {
  /// A peer that takes connections and never says a word.
  @Test(.timeLimit(.minutes(10))) func aSilentPeerIsUnreachable() async throws {
    let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .bind(host: "127.0.0.1", port: 0).get()
    let address = try RelayAddress("https://127.0.0.1:\(server.localAddress?.port ?? 0)")
    let pin = Hashes.sha256([1])
    let error = await #expect(throws: TransportError.self) {
      try await PinnedCertificate.fetch(address, pin: pin, patience: .milliseconds(50))
    }
    #expect(error?.code == .unreachable)
    try await server.close()
  }
}
