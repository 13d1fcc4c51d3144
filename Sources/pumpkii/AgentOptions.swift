internal import ArgumentParser
internal import Configuration
internal import PumpkiiAgent
internal import PumpkiiDocument
internal import PumpkiiSystem
internal import PumpkiiTransport

/// What every agent command takes. A flag wins over the environment (`PUMPKII_AGENT_HOME`, `_KEYS`, `_RELAY`, `_PIN`,
/// `_PROFILE`, `_LOG_LEVEL`), the environment over `agent.yaml`.
struct AgentOptions: ParsableArguments {
  @Option(help: "The agent's folder: keys, roster, policy. Default /var/lib/pumpkii.")
  var home: String?

  @Option(
    help: "The folder of the camera's keys and counter, apart from what a backup restores. Default: the agent's folder."
  )
  var keys: String?

  @Option(help: "The relay's address, https://host:port. Known after pairing.")
  var relay: String?

  @Option(help: "The relay's pin, as `pumpkii-relay init` printed it; without it the system's certificates decide.")
  var pin: String?

  @Option(help: "The configuration file. Default HOME/agent.yaml, where there is one.")
  var config: String?

  @Option(name: .customLong("log-level"), help: "trace, debug, info, notice, warning, error or critical.")
  var logLevel: String?

  /// Flags over environment.
  private var reader: ConfigReader {
    let flags: [(String, String?)] = [
      ("home", home), ("keys", keys), ("relay", relay), ("pin", pin), ("log_level", logLevel), ("config", config),
    ]
    var values: [AbsoluteConfigKey: ConfigValue] = [:]
    for (name, value) in flags {
      if let value {
        values[AbsoluteConfigKey(["pumpkii", "agent", name])] = ConfigValue(.string(value), isSecret: false)
      }
    }
    return ConfigReader(providers: [InMemoryProvider(name: "flags", values: values), EnvironmentVariablesProvider()])
      .scoped(to: ["pumpkii", "agent"])
  }

  var folder: String { reader.string(forKey: "home", default: "/var/lib/pumpkii") }

  /// The agent's folder, taken for this process.
  /// - Parameter patience: how long to wait for a command of the board's that has it for a moment.
  /// - Throws: ``AgentError`` `home`.
  func openHome(patience: Duration = .zero) throws -> AgentHome {
    try AgentHome(folder, keysFolder: reader.string(forKey: "keys"), patience: patience)
  }

  var level: String { reader.string(forKey: "log_level", default: "info") }
  var profileFromEnvironment: String? { reader.string(forKey: "profile") }

  var configPath: String { reader.string(forKey: "config", default: "\(folder)/agent.yaml") }

  /// The relay from flag or environment, else the one stored at pairing.
  /// - Throws: ``TransportError`` for an address that is none, ``AgentError`` when there is none at all.
  func relayAddress(_ home: AgentHome) throws -> RelayAddress {
    let stored = try home.read(RelayFile.name)
    if let origin = reader.string(forKey: "relay") {
      return try RelayFile.named(origin, pin: reader.string(forKey: "pin"), stored: stored)
    }
    guard let stored else {
      throw AgentError(
        .notPaired, "no relay is known", advice: "Name it with --relay and --pin, or pair the camera first.")
    }
    return try RelayFile(stored).address
  }

  /// The relay of a paired camera; nil for a board that is its own owner, which connects to nothing.
  /// - Throws: as ``relayAddress(_:)``.
  func relayOrNone(_ home: AgentHome) throws -> RelayAddress? {
    // A pairing may have been cut before it ended the board's own key.
    try LocalOwner.endIfPaired(home)
    return try LocalOwner.load(home) == nil ? relayAddress(home) : nil
  }

  /// The relay from flag or environment, else the stored one; nil where there is none. Does not take the folder, so
  /// that it works beside a running agent.
  /// - Throws: ``TransportError`` for an address that is none.
  func knownRelay() throws -> RelayAddress? {
    let stored = (try? DurableFile.read("\(folder)/\(RelayFile.name)", limit: 1 << 16)) ?? nil
    if let origin = reader.string(forKey: "relay") {
      return try RelayFile.named(origin, pin: reader.string(forKey: "pin"), stored: stored)
    }
    guard let stored else { return nil }
    return try? RelayFile(stored).address
  }

  /// The checked file; defaults where there is none and none was named.
  /// - Throws: ``DocumentError``, ``AgentError`` for a named file that is not there, and without a right to the folder.
  func configuration() throws -> AgentConfiguration {
    if config == nil { try AgentPaths(folder: folder, keysFolder: reader.string(forKey: "keys")).requireRights() }
    guard let bytes = try DurableFile.read(configPath, limit: 1 << 20) else {
      guard config == nil else {
        throw AgentError(.configuration, "\(configPath) is not there", advice: "Check the path after --config.")
      }
      return AgentConfiguration()
    }
    return try AgentConfiguration(bytes, file: configPath)
  }
}
