internal import Hummingbird
internal import HummingbirdCore
internal import HummingbirdHTTP2
internal import HummingbirdTLS
public import Logging
internal import NIOCore
internal import NIOSSL
internal import PumpkiiService
internal import PumpkiiSystem
internal import PumpkiiWire
public import ServiceLifecycle
internal import Synchronization

/// The blind post office as a service: start it in a program's `ServiceGroup`, or in a test.
///
/// ```swift
/// let server = try RelayServer(configuration: RelayConfiguration(home: folder))
/// // run() in one task; in another:
/// let origin = "https://127.0.0.1:\(await server.port)"
/// ```
public final class RelayServer: Service {
  private struct State {
    /// nil until the relay listens; 0 when it has ended without.
    var port: Int?
    var waiters: [CheckedContinuation<Int, Never>] = []
  }

  /// How the relay runs.
  public let configuration: RelayConfiguration
  /// SHA-256 of the certificate in lower-case hexadecimal, what clients pin; nil without TLS.
  public let pin: String?
  private let identity: RelayIdentity?
  private let log: RelayLog
  private let state = Mutex(State())

  /// Checks the configuration and reads the certificate; listens only in ``run()``.
  /// - Throws: ``RelayError``.
  public init(configuration: RelayConfiguration, logger: Logger? = nil) throws(RelayError) {
    try configuration.validate()
    self.configuration = configuration
    identity = configuration.plain ? nil : try RelayIdentity.load(home: configuration.home)
    pin = identity?.pin.hex
    var logger = logger ?? Logger(label: "pumpkii-relay")
    logger.logLevel = Logger.Level(rawValue: configuration.logLevel.rawValue) ?? .notice
    log = RelayLog(logger: logger)
  }

  /// Makes the folder with a key and a certificate, unless they are there.
  /// - Returns: the pin.
  /// - Throws: ``RelayError``.
  public static func initialize(home: String) throws(RelayError) -> String { try RelayIdentity.make(home: home).hex }

  /// The port, as soon as the relay listens; 0 when it ended before.
  public var port: Int {
    get async {
      await withCheckedContinuation { continuation in
        let port = state.withLock { state in
          if state.port == nil { state.waiters.append(continuation) }
          return state.port
        }
        if let port { continuation.resume(returning: port) }
      }
    }
  }

  /// Serves until graceful shutdown or cancellation.
  /// - Throws: ``RelayError``, or what the server library throws.
  public func run() async throws {
    defer { announce(0) }
    let lock = try takeHome()
    defer { withExtendedLifetime(lock) {} }
    let store = try RelayStore(path: "\(configuration.home)/relay.sqlite")
    let blobs = try BlobStore(folder: "\(configuration.home)/clips")
    let relay = Relay(configuration: configuration, store: store, blobs: blobs, log: log)
    do {
      try await relay.clips.tidy(now: Relay.now)
      try await GentleService(application(relay), logger: log.logger).run()
    } catch {
      finish(relay)
      throw (error as? IOError).map { RelayError(listening: $0.errnoCode, configuration) } ?? error
    }
    finish(relay)
  }

  /// Method and path of every resource, as `GET /v1/cameras/{device}/live`.
  /// - Throws: ``RelayError`` when the home cannot be used.
  package func resources() throws -> [String] {
    let store = try RelayStore(path: "\(configuration.home)/relay.sqlite")
    defer { try? store.close() }
    let blobs = try BlobStore(folder: "\(configuration.home)/clips")
    return RouteBook(Desk(Relay(configuration: configuration, store: store, blobs: blobs, log: log))).names
  }

  /// The home, kept to this process: two relays on one database would each tell only half of what happens.
  private func takeHome() throws(RelayError) -> FolderLock {
    let home = configuration.home
    do throws(SystemError) {
      try DurableFile.makeFolder(home)
      return try FolderLock(home)
    } catch {
      guard error.isInUse else { throw RelayError(.home, error.description) }
      throw RelayError(.home, "another relay runs on \(home); stop it, or give this one a --home of its own")
    }
  }

  /// What was acknowledged is on disk already: a failure here is worth a line, not another end.
  private func finish(_ relay: Relay) {
    do { try relay.ledger?.flush() } catch { log.failure(error) }
    do { try relay.store.close() } catch { log.failure(error) }
  }

  private func application(_ relay: Relay) throws -> some ApplicationProtocol {
    // The server library may name addresses in its log: it says errors only, and those without a request.
    var quiet = log.logger
    quiet.logLevel = .error
    return Application(
      router: RouteBook(Desk(relay)).router(log),
      server: try listener(),
      configuration: ApplicationConfiguration(
        address: .hostname(configuration.host, port: configuration.port),
        serverName: nil,
        availableConnectionsDelegate: .maximum(configuration.limits.connections, logger: quiet)),
      services: [Housekeeper(relay: relay)],
      onServerRunning: { channel in await self.started(relay, channel) },
      logger: quiet)
  }

  private func listener() throws -> HTTPServerBuilder {
    let limits = configuration.limits
    let http1 = HTTP1Channel.Configuration(
      idleTimeout: TimeAmount(limits.idleTimeout),
      httpDecoderConfiguration: .init(
        maxHeaderFieldSize: limits.headerBytes, maxHeaderListSize: limits.headerBytes, maxHeaderFieldCount: 64))
    guard let identity else { return .http1(configuration: http1) }
    var tls = TLSConfiguration.makeServerConfiguration(
      certificateChain: [.certificate(identity.certificate)], privateKey: .privateKey(identity.key))
    tls.minimumTLSVersion = .tlsv13
    // A peer that does not say goodbye must not hold up the end.
    tls.shutdownTimeout = .milliseconds(300)
    let http2 = HTTP2UpgradeChannel.Configuration(
      idleTimeout: limits.idleTimeout, gracefulCloseTimeout: .milliseconds(500), streamConfiguration: http1)
    let configuration = tls
    return HTTPServerBuilder { responder in
      HandshakeGuard(
        base: try HTTP2UpgradeChannel(tlsConfiguration: configuration, configuration: http2, responder: responder),
        timeout: TimeAmount(limits.handshakeTimeout))
    }
  }

  private func started(_ relay: Relay, _ channel: any Channel) async {
    let port = channel.localAddress?.port ?? configuration.port
    relay.names.withLock { $0 = names(port) }
    if let file = configuration.portFile {
      do { try DurableFile.write(Array("\(port)\n".utf8), to: file, mode: 0o644) } catch { log.failure(error) }
    }
    log.note("listening", ["port": port])
    announce(port)
  }

  /// What a login statement may call this relay: its pin, the origins it was given, and on loopback the address itself.
  private func names(_ port: Int) -> [LoginStatement.Relay] {
    var names = configuration.origins.map { LoginStatement.Relay.origin($0) }
    if let identity { names.append(.pin(identity.pin)) }
    if configuration.isLoopback {
      let scheme = configuration.plain ? "http" : "https"
      for host in ["127.0.0.1", "localhost", "[::1]"] { names.append(.origin("\(scheme)://\(host):\(port)")) }
    }
    return names
  }

  private func announce(_ port: Int) {
    let waiters = state.withLock { state in
      if state.port == nil || port == 0 { state.port = port }
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.resume(returning: port) }
  }
}
