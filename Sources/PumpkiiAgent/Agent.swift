package import Logging
package import PumpkiiCapture
internal import PumpkiiChain
internal import PumpkiiMedia
package import PumpkiiPolicy
package import PumpkiiSystem
package import PumpkiiTransport
internal import PumpkiiVault
package import PumpkiiWire
internal import ServiceLifecycle

/// The agent, composed: one camera, one microphone, one relay or none. It owns no logic; it builds the parts and lists
/// the services in the order in which they depend on each other.
package struct Agent: Service {
  /// What an agent is made of.
  package struct Parts: Sendable {
    package var home: AgentHome
    /// Nil for a board that is its own owner: then nothing connects to anything.
    package var relay: RelayAddress?
    package var camera: (any Camera)?
    package var microphone: (any Microphone)?
    /// Watches real devices come and go; nil where there are none.
    package var hotplug: HotplugService?
    package var configuration: AgentConfiguration
    package var logger: Logger
    package var ledger: LedgerWriter?
    /// The process's environment: what notices and reports say of the machine.
    package var environment: [String: String] = [:]
    /// Where the programs that show notices are looked for.
    package var noticeFolders = NoticeProgram.folders
    /// A kill switch in the place of the configuration's.
    package var killSwitch: KillSwitch?

    package init(
      home: AgentHome, relay: RelayAddress?, camera: (any Camera)?, microphone: (any Microphone)?,
      hotplug: HotplugService? = nil, configuration: AgentConfiguration, logger: Logger, ledger: LedgerWriter? = nil
    ) {
      self.home = home
      self.relay = relay
      self.camera = camera
      self.microphone = microphone
      self.hotplug = hotplug
      self.configuration = configuration
      self.logger = logger
      self.ledger = ledger
    }
  }

  private let services: [any Service]
  private let connection: RelayConnection?
  private let ledger: LedgerWriter?
  private let logger: Logger
  private let keeper: RosterKeeper
  /// Counts of every unit that a sensor made.
  package let video: UnitAccount
  package let audio: UnitAccount
  package let device: DeviceID

  /// Builds everything; opens no sensor and no connection.
  /// - Throws: ``AgentError``, or ``TransportError`` for an address that is none.
  package init(_ parts: Parts) throws {
    let core = try AgentCore(parts)
    device = core.device
    keeper = core.keeper
    video = core.video
    audio = core.audio
    ledger = parts.ledger
    logger = parts.logger
    connection = try parts.relay.map { try RelayConnection(address: $0, signer: .device(core.identity)) }
    let link = connection.map { DeviceLink(connection: $0, device: core.device) }
    let (local, ports) = try core.localServices(parts)
    services =
      try [core.audit.decisions, core.recorder, core.notices, core.clipWatch(parts)] + core.hardwareServices(parts)
      + core.relayServices(link, parts) + [
        EpochTimer(link: link, keeper: core.keeper, logger: parts.logger), core.attendant,
        BoardSocket(folder: parts.home.folder, desk: core.boardDesk(parts), logger: parts.logger),
      ] + core.sensorServices(parts, after: ports) + local
  }

  /// Takes a ceiling that was read anew, while everything runs.
  package func reload(ceiling: [Flag: Bool]?) async { await keeper.reload(ceiling: ceiling) }

  /// Runs until shutdown; sensors close first, then what waits is carried, then the connection ends.
  /// - Throws: what a service throws.
  package func run() async throws {
    var configuration = ServiceGroupConfiguration(services: services, logger: logger)
    configuration.maximumGracefulShutdownDuration = .seconds(15)
    configuration.maximumCancellationDuration = .seconds(15)
    let group = ServiceGroup(configuration: configuration)
    defer { recordUsage() }
    do {
      try await group.run()
    } catch {
      await connection?.shutdown()
      throw error
    }
    await connection?.shutdown()
  }

  private func recordUsage() {
    let usage = ProcessUsage()
    ledger?.record(
      "usage",
      [
        "cpu_ms": .count(usage.cpu / 1_000_000), "rss_kb": .number(Int64(usage.peakResidentKiB)),
        "rss_anon_kb": .number(Int64(usage.anonymousKiB)),
      ])
    ledger?.flush()
  }
}
