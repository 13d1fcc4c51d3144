internal import Hummingbird
package import Logging
package import PumpkiiSystem
internal import ServiceLifecycle

/// Serves the local preview over plain HTTP: on loopback, or where the configuration names it on the LAN.
package struct PreviewServer: Service {
  private let server: LocalServer?

  /// The port, once it listens; 0 when it ended without.
  package let port: Published<Int?>

  /// - Parameter metrics: the text of `/metrics`, for programs on this machine.
  /// - Throws: ``AgentError`` `configuration` for an address that others can reach and that is not allowed to be.
  package init(
    settings: PreviewSettings, desk: PreviewDesk, metrics: @escaping @Sendable () -> String, logger: Logger
  ) throws(AgentError) {
    try settings.validate()
    let routes = PreviewRoutes(desk: desk, metrics: metrics)
    server = settings.host.map { host in
      LocalServer(name: "preview", host: host, wish: settings.port, logger: logger) {
        let router = Router(context: PreviewContext.self)
        router.add(middleware: PreviewGuard(settings: settings))
        routes.add(to: router)
        return router
      }
    }
    port = server?.port ?? Published(0)
  }

  /// Serves until graceful shutdown or cancellation.
  /// - Throws: ``AgentError`` `configuration` when the address cannot be used, or what the server library throws.
  package func run() async throws { try await server?.run() }
}
