import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// Stands before a relay and keeps what clients send, byte for byte as it arrives there.
final class WireTap: Sendable {
  private let channel: any Channel
  private let shared: Shared

  final class Shared: Sendable {
    let target = Mutex(0)
    let lines = Mutex<[ObjectIdentifier: [UInt8]]>([:])
  }

  init() async throws {
    let shared = Shared()
    self.shared = shared
    channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .childChannelInitializer { inbound in
        inbound.eventLoop.makeCompletedFuture {
          try inbound.pipeline.syncOperations.addHandler(Forwarder(shared))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
  }

  var port: Int { channel.localAddress?.port ?? 0 }
  func connect(to port: Int) { shared.target.withLock { $0 = port } }
  func close() async throws { try await channel.close() }

  /// The heads of all requests of all connections, each as its lines.
  var requests: [[String]] {
    shared.lines.withLock { lines in
      lines.values.flatMap { bytes in
        String(decoding: bytes, as: UTF8.self).components(separatedBy: "\r\n\r\n").compactMap { part in
          let methods = ["GET ", "PUT ", "POST ", "DELETE "]
          // What stands before a request on the same line is the body of the one before.
          let start = methods.compactMap { part.range(of: "\($0)/")?.lowerBound }.min()
          return start.map { part[$0...].components(separatedBy: "\r\n") }
        }
      }
    }
  }

  /// Everything on one event loop: the connection to the relay is made on the one of the connection from the client.
  private final class Forwarder: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let shared: Shared
    private var upstream: (any Channel)?
    private var waiting: [ByteBuffer] = []

    init(_ shared: Shared) { self.shared = shared }

    func channelActive(context: ChannelHandlerContext) {
      let (client, port) = (context.channel, shared.target.withLock { $0 })
      let this = NIOLoopBound(self, eventLoop: context.eventLoop)
      ClientBootstrap(group: context.eventLoop)
        .channelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(Returner(client))
          }
        }
        .connect(host: "127.0.0.1", port: port).whenComplete { result in
          guard case .success(let channel) = result else { return client.close(promise: nil) }
          this.value.upstream = channel
          for buffer in this.value.waiting { channel.writeAndFlush(buffer, promise: nil) }
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      let buffer = unwrapInboundIn(data)
      let id = ObjectIdentifier(context.channel)
      shared.lines.withLock { $0[id, default: []] += buffer.readableBytesView }
      guard let upstream else { return waiting.append(buffer) }
      upstream.writeAndFlush(buffer, promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { upstream?.close(promise: nil) }
  }

  private final class Returner: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let client: any Channel
    init(_ client: any Channel) { self.client = client }
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      client.writeAndFlush(unwrapInboundIn(data), promise: nil)
    }
    func channelInactive(context: ChannelHandlerContext) { client.close(promise: nil) }
  }
}
