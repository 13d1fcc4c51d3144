internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import PumpkiiChain
package import PumpkiiWire

/// Fetches the certificate behind a pin: one TLS connection that accepts exactly the certificate whose SHA-256 is the
/// pin, and keeps its DER. From then on that certificate is the HTTP client's only trust root, and each connection
/// proves anew that the relay holds its key; this one proves nothing and carries nothing.
package enum PinnedCertificate {
  /// The certificate's DER.
  /// - Parameter patience: how long the peer may take, for it may take the connection and never say a word.
  /// - Throws: ``TransportError`` `relay-pin-mismatch`, `relay-unreachable` or `cancelled`.
  package static func fetch(
    _ address: RelayAddress, pin: Digest, patience: Duration = .seconds(15)
  ) async throws(TransportError) -> [UInt8] {
    do {
      var configuration = TLSConfiguration.makeClientConfiguration()
      configuration.minimumTLSVersion = .tlsv13
      // The pin decides, not the system's roots, which a small container may lack.
      configuration.trustRoots = .certificates([])
      let context = try NIOSSLContext(configuration: configuration)
      let loop = MultiThreadedEventLoopGroup.singleton.any()
      let found = loop.makePromise(of: [UInt8].self)
      let connecting = bootstrap(on: loop, context, address, pin, found).connect(host: address.host, port: address.port)
      connecting.cascadeFailure(to: found)
      let limit = loop.scheduleTask(in: TimeAmount(patience)) { found.fail(silent(address)) }
      defer {
        limit.cancel()
        connecting.whenSuccess { $0.close(promise: nil) }
      }
      return try await withTaskCancellationHandler {
        try await found.futureResult.get()
      } onCancel: {
        found.fail(CancellationError())
      }
    } catch {
      throw TransportError(network: error, address)
    }
  }

  private static func bootstrap(
    on loop: any EventLoop, _ context: NIOSSLContext, _ address: RelayAddress, _ pin: Digest,
    _ found: EventLoopPromise<[UInt8]>
  ) -> ClientBootstrap {
    ClientBootstrap(group: loop).connectTimeout(.seconds(10)).channelInitializer { channel in
      channel.eventLoop.makeCompletedFuture {
        let name = serverName(address.host)
        let tls = try NIOSSLClientHandler(context: context, serverHostname: name) { chain, verdict in
          do {
            let der = try chain.first?.toDERBytes() ?? []
            guard Hashes.sha256(der) == pin else { throw mismatch(address, shown: Hashes.sha256(der)) }
            found.succeed(der)
            verdict.succeed(.certificateVerified)
          } catch {
            found.fail(error)
            verdict.succeed(.failed)
          }
        }
        try channel.pipeline.syncOperations.addHandlers([tls, ProbeHandler(found: found, address: address)])
      }
    }
  }

  private static func silent(_ address: RelayAddress) -> TransportError {
    TransportError(
      .unreachable, "\(address.origin) takes connections and shows no certificate",
      advice: "check that the relay speaks TLS 1.3 on this port, and that it is not stuck")
  }

  private static func mismatch(_ address: RelayAddress, shown: Digest) -> TransportError {
    TransportError(
      .pinMismatch, "\(address.origin) shows the certificate \(shown.hex), not the pinned one",
      advice: "ask the relay's operator for the pin; do not go on if it did not change with their knowledge")
  }

  /// Names only: TLS does not allow addresses there (RFC 6066 §3).
  static func serverName(_ host: String) -> String? {
    (try? SocketAddress(ipAddress: host, port: 0)) == nil ? host : nil
  }
}

/// Tells the one who waits when the connection ends before a certificate came.
private final class ProbeHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  private let found: EventLoopPromise<[UInt8]>
  private let address: RelayAddress

  init(found: EventLoopPromise<[UInt8]>, address: RelayAddress) {
    self.found = found
    self.address = address
  }

  func channelInactive(context: ChannelHandlerContext) {
    let error = TransportError(
      .unreachable, "\(address.origin) ended the connection before it showed a certificate",
      advice: "check that the relay speaks TLS 1.3 on this port")
    found.fail(error)
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    found.fail(error)
    context.close(promise: nil)
  }
}
