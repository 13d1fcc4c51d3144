internal import FoundationEssentials
package import Logging
internal import NIOCore
internal import NIOPosix
internal import PumpkiiSystem
internal import ServiceLifecycle

/// The socket in the agent's folder by which the board's own commands reach a running agent: one JSON request a line, one
/// JSON answer. Who may enter the folder may speak here, and nobody else: it is a file of mode 0600 in one of 0700.
package struct BoardSocket: Service {
  package static let fileName = "board.sock"
  /// Bytes of a request.
  private static let limit = 64 << 10
  /// The kernel's bound on the path of a socket, its end included.
  private static let pathLimit = 108

  private let path: String
  private let desk: BoardDesk
  private let logger: Logger

  package init(folder: String, desk: BoardDesk, logger: Logger) {
    path = "\(folder)/\(Self.fileName)"
    self.desk = desk
    self.logger = logger
  }

  /// Returns at graceful shutdown. An agent whose folder's path is too long for a socket works without one.
  /// - Throws: nothing; the signature is the protocol's.
  package func run() async throws {
    guard path.utf8.count < Self.pathLimit else {
      logger.warning("the agent's folder has too long a path for a socket: the board's commands need the agent stopped")
      try? await gracefulShutdown()
      return
    }
    do {
      try await serve()
    } catch is CancellationError {
      return
    } catch {
      logger.error("the board's socket cannot be opened: \(error)")
      try? await gracefulShutdown()
    }
  }

  private func serve() async throws {
    let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel(
            wrappingChannelSynchronously: channel,
            configuration: .init(inboundType: ByteBuffer.self, outboundType: ByteBuffer.self))
        }
      }
    DurableFile.restrict(path)
    try await withGracefulShutdownHandler {
      try await server.executeThenClose { clients in
        try await withThrowingDiscardingTaskGroup { group in
          for try await client in clients { group.addTask { await answer(client) } }
        }
      }
    } onGracefulShutdown: {
      server.channel.close(promise: nil)
    }
    try? DurableFile.remove(path)
  }

  private func answer(_ client: NIOAsyncChannel<ByteBuffer, ByteBuffer>) async {
    try? await client.executeThenClose { inbound, outbound in
      var line: [UInt8] = []
      for try await part in inbound {
        line += part.readableBytesView
        guard line.count <= Self.limit else { return }
        guard let end = line.firstIndex(of: 0x0A) else { continue }
        let answer = await reply(Array(line[..<end]))
        try await outbound.write(ByteBuffer(bytes: answer))
        return
      }
    }
  }

  private func reply(_ line: [UInt8]) async -> [UInt8] {
    guard let request = try? JSONDecoder().decode(BoardRequest.self, from: Data(line)) else {
      return Self.encoded(
        .failed(
          code: "agent-request", reason: "the request is not understood", advice: "Use the same version as the agent."))
    }
    return Self.encoded(await desk.answer(request))
  }

  private static func encoded(_ answer: BoardAnswer) -> [UInt8] {
    Array((try? JSONEncoder().encode(answer)) ?? Data()) + [0x0A]
  }
}
