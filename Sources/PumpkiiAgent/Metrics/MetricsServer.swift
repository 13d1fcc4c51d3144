internal import Hummingbird
package import Logging
package import PumpkiiSystem
internal import ServiceLifecycle

/// Serves the agent's numbers at `/metrics`, to programs on this machine and to nobody else.
package struct MetricsServer: Service {
  private let server: LocalServer

  /// The port, once it listens; 0 when it ended without.
  package var port: Published<Int?> { server.port }

  /// Nil where the settings name no address.
  /// - Throws: ``AgentError`` `configuration` for an address that other machines can reach.
  package init?(settings: PreviewSettings, metrics: @escaping @Sendable () -> String, logger: Logger) throws(AgentError)
  {
    guard let host = settings.host else { return nil }
    guard settings.isLoopback else {
      throw AgentError(
        .configuration, "metrics.listen names \(host), which other machines can reach", advice: "Use 127.0.0.1.")
    }
    server = LocalServer(name: "metrics", host: host, wish: settings.port, logger: logger) {
      let router = Router(context: PreviewContext.self)
      router.add(middleware: PreviewGuard(settings: settings))
      MetricsRoute(text: metrics).add(to: router)
      return router
    }
  }

  /// Serves until graceful shutdown or cancellation.
  /// - Throws: ``AgentError`` `configuration` when the address cannot be used, or what the server library throws.
  package func run() async throws { try await server.run() }
}

/// The one address with numbers.
struct MetricsRoute: Sendable {
  let text: @Sendable () -> String

  func add(to router: Router<PreviewContext>) {
    router.get("/metrics") { _, context in
      guard PreviewGuard.isHere(context.channel.remoteAddress?.ipAddress) else {
        return PreviewGuard.answer(.forbidden, "the numbers are for programs on this machine\n")
      }
      return PreviewGuard.answer(.ok, text(), type: "text/plain; version=0.0.4; charset=utf-8")
    }
  }
}
