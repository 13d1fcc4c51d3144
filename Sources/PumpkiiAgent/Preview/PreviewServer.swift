internal import Hummingbird
internal import HummingbirdCore
package import Logging
internal import NIOCore
internal import NIOPosix
package import PumpkiiSystem
internal import ServiceLifecycle

/// Serves the local preview over plain HTTP: on loopback, or where the configuration names it on the LAN.
package struct PreviewServer: Service {
  /// Connections at a time.
  private static let connections = 32

  /// The port, once it listens; 0 when it ended without.
  package let port = Published<Int?>(nil)
  private let settings: PreviewSettings
  private let routes: PreviewRoutes
  private let logger: Logger

  /// - Parameter metrics: the text of `/metrics`.
  /// - Throws: ``AgentError`` `configuration` for an address that others can reach and that is not allowed to be.
  package init(
    settings: PreviewSettings, desk: PreviewDesk, metrics: @escaping @Sendable () -> String, logger: Logger
  ) throws(AgentError) {
    try settings.validate()
    self.settings = settings
    self.logger = logger
    routes = PreviewRoutes(desk: desk, metrics: metrics)
  }

  /// Serves until graceful shutdown or cancellation.
  /// - Throws: ``AgentError`` `configuration` when the address cannot be used, or what the server library throws.
  package func run() async throws {
    defer { port.update { $0 = $0 ?? 0 } }
    guard let host = settings.host else { return }
    var quiet = logger
    // The library's lines name addresses and paths.
    quiet.logLevel = .error
    var configuration = ServiceGroupConfiguration(services: [application(host, quiet)], logger: quiet)
    configuration.maximumGracefulShutdownDuration = .seconds(5)
    configuration.maximumCancellationDuration = .seconds(5)
    let group = ServiceGroup(configuration: configuration)
    do {
      try await serveUntilStopped(group)
    } catch let error as IOError {
      throw AgentError(
        .configuration, "the preview cannot listen on \(host):\(settings.port): \(error)",
        advice: "Choose another preview.listen.")
    }
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

  private func application(_ host: String, _ quiet: Logger) -> some ApplicationProtocol {
    let router = Router(context: PreviewContext.self)
    router.add(middleware: PreviewGuard(settings: settings))
    routes.add(to: router)
    return Application(
      router: router,
      server: .http1(configuration: HTTP1Channel.Configuration(idleTimeout: .seconds(60))),
      configuration: ApplicationConfiguration(
        address: .hostname(host, port: settings.port), serverName: nil,
        availableConnectionsDelegate: .maximum(Self.connections, logger: quiet)),
      onServerRunning: { channel in
        let found = channel.localAddress?.port ?? settings.port
        logger.info("preview", metadata: ["listen": "\(host):\(found)"])
        port.set(found)
      }, logger: quiet)
  }
}
