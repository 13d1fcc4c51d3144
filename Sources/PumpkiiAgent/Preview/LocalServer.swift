internal import Glibc
internal import Hummingbird
internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import PumpkiiService
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
    do {
      try await GentleService(application(quiet), logger: quiet).run()
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
