import ArgumentParser
import Glibc
import Logging
import PumpkiiRelay
import ServiceLifecycle
import UnixSignals

@main
enum Program {
  static func main() async {
    // What the relay makes is its own user's alone, whatever makes it.
    umask(0o077)
    await PumpkiiRelayCommand.main()
  }
}

/// `pumpkii-relay`
struct PumpkiiRelayCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pumpkii-relay",
    abstract: "The blind post office: admits, forwards and stores ciphertext, and holds no key that opens it.",
    discussion: """
      Example:
        pumpkii-relay init --home /var/lib/pumpkii-relay
        pumpkii-relay serve --home /var/lib/pumpkii-relay --listen 0.0.0.0:8443
      """,
    subcommands: [Initialize.self, Serve.self])
}

/// `pumpkii-relay init`
struct Initialize: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Make the relay's key and certificate and print the pin that clients are given.",
    discussion: """
      A key and certificate that are there already are kept.

      Example:
        pumpkii-relay init --home /var/lib/pumpkii-relay
      """)

  @Option(help: "The folder for key, certificate, database and relay.yaml.")
  var home: String = "/var/lib/pumpkii-relay"

  func run() throws {
    do {
      print("pin: \(try RelayServer.initialize(home: home))")
    } catch {
      throw Exit.failure(error)
    }
  }
}

/// `pumpkii-relay serve`
struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Serve accounts and cameras until SIGTERM or SIGINT.",
    discussion: """
      Settings come from relay.yaml in the home, then from PUMPKII_RELAY_LISTEN, _PLAIN, _ORIGINS, _PORT_FILE, _LEDGER
      and _LOG_LEVEL, then from the options here.

      Example:
        pumpkii-relay serve --home ./relay --listen 127.0.0.1:8443
        pumpkii-relay serve --home ./relay --check-config
      """)

  @Option(help: "The folder with key, certificate, database and relay.yaml.")
  var home: String?
  @Option(help: "Read this file instead of relay.yaml in the home.")
  var config: String?
  @Option(help: "HOST:PORT; port 0 lets the system choose.")
  var listen: String?
  @Flag(help: "HTTP without TLS, on loopback only.")
  var plain = false
  @Option(help: "Write the port to this file once the relay listens.")
  var portFile: String?
  @Option(help: "Append a JSON line for each object delivered or dropped to this file (debug; ciphertext positions).")
  var ledger: String?
  @Flag(help: "Read the configuration, say what is wrong with it by key, and stop.")
  var checkConfig = false

  func run() async throws {
    let settings: RelayConfiguration
    do {
      settings = try read()
      if checkConfig {
        try settings.validate()
        print("configuration is valid")
        return
      }
      try await serve(settings)
    } catch let error as RelayError {
      throw Exit.failure(error)
    }
  }

  private func read() throws(RelayError) -> RelayConfiguration {
    let environment = Environment.variables(prefix: "PUMPKII_RELAY_")
    let folder = home ?? environment["PUMPKII_RELAY_HOME"] ?? "/var/lib/pumpkii-relay"
    var settings = try RelayConfiguration.read(home: folder, file: config, environment: environment)
    if let listen { try settings.setListen(listen) }
    if plain { settings.plain = true }
    settings.portFile = portFile ?? settings.portFile
    settings.ledger = ledger ?? settings.ledger
    return settings
  }

  private func serve(_ settings: RelayConfiguration) async throws {
    let server = try RelayServer(
      configuration: settings, logger: Logger(label: "pumpkii-relay") { StreamLogHandler.standardError(label: $0) })
    var group = ServiceGroupConfiguration(
      services: [.init(service: server), .init(service: Announcer(server: server))],
      gracefulShutdownSignals: [.sigterm, .sigint], logger: quietLogger)
    // Lines that do not end by themselves by then are cancelled, so that a stop takes two seconds at most.
    group.maximumGracefulShutdownDuration = .milliseconds(1200)
    do {
      try await ServiceGroup(configuration: group).run()
    } catch is CancellationError {
      return
    }
  }

  private var quietLogger: Logger {
    var logger = Logger(label: "pumpkii-relay") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = .error
    return logger
  }
}

/// Says on standard output where the relay listens, once.
private struct Announcer: Service {
  let server: RelayServer

  func run() async throws {
    let port = await server.port
    if port > 0 {
      let scheme = server.configuration.plain ? "http" : "https"
      let pin = server.pin.map { " pin \($0)" } ?? ""
      Output.line("listening on \(scheme)://\(server.configuration.host):\(port)\(pin)", to: STDOUT_FILENO)
    }
    try? await gracefulShutdown()
  }
}

/// How a failure leaves the program: one line on standard error and a status of sysexits.h.
enum Exit {
  static func failure(_ error: RelayError) -> ExitCode {
    Output.line("pumpkii-relay: \(error)", to: STDERR_FILENO)
    return switch error.code {
    case .configuration, .notLoopback: ExitCode(EX_CONFIG)
    case .certificate: ExitCode(EX_NOINPUT)
    case .store, .home: ExitCode(EX_CANTCREAT)
    case .address: ExitCode(EX_UNAVAILABLE)
    }
  }
}

/// Lines written at once, past any buffer, so that who waits for one sees it.
enum Output {
  static func line(_ text: String, to descriptor: Int32) {
    let bytes = Array("\(text)\n".utf8)
    _ = unsafe write(descriptor, bytes, bytes.count)
  }
}

/// The process' environment as plain values.
enum Environment {
  static func variables(prefix: String) -> [String: String] {
    var found: [String: String] = [:]
    for name in ["HOME", "LISTEN", "PLAIN", "ORIGINS", "PORT_FILE", "LEDGER", "LOG_LEVEL"] {
      if let value = unsafe getenv(prefix + name) { found[prefix + name] = unsafe String(cString: value) }
    }
    return found
  }
}
