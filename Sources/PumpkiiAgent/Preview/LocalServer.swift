internal import Glibc
internal import Hummingbird
internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import PumpkiiSystem
internal import ServiceLifecycle

/// Plain HTTP on an address of this machine.
struct LocalServer: Service {
  /// Connections at a time.
  private static let connections = 32

  /// What it is for, in a word: `preview`, whose key is `preview.listen`.
  let name: String
  let host: String
  /// 0 lets the kernel choose.
  let wish: Int
  let logger: Logger
  let router: @Sendable () -> Router<PreviewContext>
  /// The port, once it listens; 0 when it ended without.
  let port = Published<Int?>(nil)

  /// Serves until graceful shutdown or cancellation.
  /// - Throws: ``AgentError`` `configuration` when the address cannot be used, or what the server library throws.
  func run() async throws {
    defer { port.update { $0 = $0 ?? 0 } }
    var quiet = logger
    // The library's lines name addresses and paths.
    quiet.logLevel = .error
    var configuration = ServiceGroupConfiguration(services: [application(quiet)], logger: quiet)
    configuration.maximumGracefulShutdownDuration = .seconds(5)
    configuration.maximumCancellationDuration = .seconds(5)
    let group = ServiceGroup(configuration: configuration)
    do {
      try await serveUntilStopped(group)
    } catch let error as IOError {
      throw Self.problem(name, host, wish, errno: error.errnoCode)
    }
  }

  /// One line about an address that cannot be listened on, and what to do.
  static func problem(_ name: String, _ host: String, _ port: Int, errno code: CInt) -> AgentError {
    let why =
      switch code {
      case EADDRINUSE: "another program uses that port"
      case EADDRNOTAVAIL: "this machine has no such address"
      case EACCES: "ports below 1024 are for root"
      default: "\(SystemError("listen", errno: code))"
      }
    return AgentError(
      .configuration, "the \(name) cannot listen on \(host):\(port): \(why)",
      advice: "Choose another \(name).listen in agent.yaml, or end what is there (ss -ltnp shows it).")
  }

  /// Turns cancellation into a graceful stop: the server library ends the process for writers that nobody finished, as a
  /// cancelled connection leaves them.
  private func serveUntilStopped(_ group: ServiceGroup) async throws {
    let stop = Published(false)
    let loop = MultiThreadedEventLoopGroup.singleton.any()
    let serving = loop.makeFutureWithTask {
      try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask { try await group.run() }
        tasks.addTask {
          guard await stop.wait(until: { $0 }) else { return }
          await group.triggerGracefulShutdown()
          // The group's own end is what is waited for.
          try? await Task.sleep(for: .seconds(60))
        }
        try await tasks.next()
        tasks.cancelAll()
      }
    }
    try await withTaskCancellationOrGracefulShutdownHandler {
      try await serving.get()
    } onCancelOrGracefulShutdown: {
      stop.set(true)
    }
  }

  private func application(_ quiet: Logger) -> some ApplicationProtocol {
    Application(
      router: router(),
      server: .http1(configuration: HTTP1Channel.Configuration(idleTimeout: .seconds(60))),
      configuration: ApplicationConfiguration(
        address: .hostname(host, port: wish), serverName: nil,
        availableConnectionsDelegate: .maximum(Self.connections, logger: quiet)),
      onServerRunning: { channel in
        let found = channel.localAddress?.port ?? wish
        logger.info("\(name)", metadata: ["listen": "\(host):\(found)"])
        port.set(found)
      }, logger: quiet)
  }
}
