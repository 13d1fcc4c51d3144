internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL

/// Makes the connection of an uplink: the relay's certificate is proven as for every other request.
struct UplinkConnector {
  let address: RelayAddress
  /// Nil towards this machine without TLS.
  let tls: NIOSSLContext?
  let cargo: (any UplinkCargo)?

  /// Returns when the relay has taken the request.
  /// - Throws: ``TransportError``.
  func open(_ path: String, token: String) async throws(TransportError) -> (uplink: Uplink, channel: any Channel) {
    let link = UplinkLink()
    do {
      let (channel, handler) = try await connect(head(path, token), link)
      // From here on whoever gives up closes the connection with it.
      let uplink = Uplink(channel: channel, handler: handler, link: link)
      do {
        try await link.waitUntilOpen()
      } catch {
        channel.close(promise: nil)
        throw error
      }
      return (uplink, channel)
    } catch {
      throw TransportError(network: error, address)
    }
  }

  private func connect(
    _ head: HTTPRequestHead, _ link: UplinkLink
  ) async throws -> (any Channel, NIOLoopBound<UplinkHandler>) {
    let loop = MultiThreadedEventLoopGroup.singleton.any()
    let (address, tls, cargo) = (address, tls, cargo)
    let made = loop.makePromise(of: NIOLoopBound<UplinkHandler>.self)
    let channel = ClientBootstrap(group: loop)
      .connectTimeout(.seconds(10))
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelOption(
        .writeBufferWaterMark, value: .init(low: UplinkHandler.highWater / 4, high: UplinkHandler.highWater)
      )
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let handler = UplinkHandler(head: head, link: link, cargo: cargo, address: address)
          let pipeline = channel.pipeline.syncOperations
          if let tls {
            let name = PinnedCertificate.serverName(address.host)
            try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: name))
          }
          try pipeline.addHTTPClientHandlers()
          try pipeline.addHandler(handler)
          made.succeed(NIOLoopBound(handler, eventLoop: channel.eventLoop))
        }
      }
      .connect(host: address.host, port: address.port)
    channel.cascadeFailure(to: made)
    return (try await channel.get(), try await made.futureResult.get())
  }

  private func head(_ path: String, _ token: String) -> HTTPRequestHead {
    HTTPRequestHead(
      version: .http1_1, method: .POST, uri: path,
      headers: [
        "host": String(address.origin.drop { $0 != "/" }.dropFirst(2)), "user-agent": HTTPClients.userAgent,
        "content-type": "application/octet-stream", "authorization": "Bearer \(token)", "transfer-encoding": "chunked",
      ])
  }
}
