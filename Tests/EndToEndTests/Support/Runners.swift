import Logging
import PumpkiiAgent
import PumpkiiRelay
import PumpkiiSimulation
import PumpkiiSystem
import PumpkiiTransport
import ServiceLifecycle
import Synchronization

/// A relay that can be stopped and started again on the same folder and port.
final class RelayRunner: Sendable {
  private struct State {
    var task: Task<Void, any Error>?
    var services: ServiceGroup?
    var port = 0
    /// Origins under which clients know it beside its own.
    var origins: [String] = []
  }

  struct DidNotStart: Error {}

  let pin: String
  let log = LogBook()
  private let configuration: RelayConfiguration
  private let state = Mutex(State())

  init(home: String, change: @Sendable (inout RelayConfiguration) -> Void) throws {
    pin = try RelayServer.initialize(home: home)
    var configuration = RelayConfiguration(home: home)
    configuration.logLevel = .debug
    change(&configuration)
    self.configuration = configuration
  }

  var port: Int { state.withLock { $0.port } }
  var origin: String { origin(port: port) }
  /// What a client pins; nothing where there is no TLS.
  var clientPin: String? { configuration.plain ? nil : pin }
  func origin(port: Int) -> String { "\(configuration.plain ? "http" : "https")://127.0.0.1:\(port)" }

  func start() async throws {
    var configuration = configuration
    configuration.port = port
    configuration.origins += state.withLock { $0.origins }
    let server = try RelayServer(configuration: configuration, logger: log.logger("relay", .debug))
    let services = ServiceGroup(services: [server], logger: log.logger("relay.services", .error))
    let task = Task { try await services.run() }
    let port = await server.port
    guard port > 0 else {
      try await task.value
      throw DidNotStart()
    }
    state.withLock { ($0.task, $0.services, $0.port) = (task, services, port) }
  }

  /// Starts it anew as one that is reached through another port as well: a login is bound to the origin.
  func restart(reachedBy port: Int) async throws {
    await stop()
    state.withLock { $0.origins = [origin(port: port)] }
    try await start()
  }

  func stop() async {
    let (task, services) = state.withLock { state in
      defer { (state.task, state.services) = (nil, nil) }
      return (state.task, state.services)
    }
    await services?.triggerGracefulShutdown()
    _ = try? await task?.value
  }
}

/// An agent on a simulated device that can be stopped and started again on the same folder.
final class AgentRunner: Sendable {
  private struct State {
    /// The folder is this process's own for as long as this is there.
    var home: AgentHome?
    var task: Task<Void, any Error>?
    var agent: Agent?
  }

  let device: SimulatedDevice
  let folder: String
  let relay: RelayAddress
  let log = LogBook()
  let ledger: LedgerWriter
  private let plan: Stage.Plan
  /// What the next start reads.
  private let configuration: Mutex<AgentConfiguration>
  private let state = Mutex(State())

  init(_ plan: Stage.Plan, home: String, origin: String, pin: String?) throws {
    device = try SimulatedDevice(plan.profile)
    folder = home
    relay = try RelayAddress(origin, pinText: pin)
    self.plan = plan
    configuration = Mutex(plan.configuration)
    ledger = LedgerWriter(path: "\(home)/ledger.jsonl", who: "agent")
  }

  /// The agent that runs, or ran last.
  var agent: Agent? { state.withLock { $0.agent } }

  /// Objects that the agent gave up because its way to the relay was too slow, by its own account.
  var lost: Set<Viewer.Position> {
    get throws {
      ledger.flush()
      let text = String(
        decoding: try DurableFile.read("\(folder)/ledger.jsonl", limit: 1 << 28) ?? [], as: UTF8.self)
      let matches = text.matches(of: /"event":"queue_lost","kid":"0x([0-9a-f]{16})","index":([0-9]+)/)
      return Set(
        matches.compactMap { match in
          guard let kid = UInt64(match.1, radix: 16), let index = UInt32(match.2) else { return nil }
          return Viewer.Position(kid, index)
        })
    }
  }

  func host() throws -> PairingHost { try PairingHost(home: home(), relay: relay) }

  /// Leaves the folder to another process.
  func release() { state.withLock { $0 = State() } }

  private func home() throws -> AgentHome {
    if let home = state.withLock({ $0.home }) { return home }
    let home = try AgentHome(folder)
    state.withLock { $0.home = home }
    return home
  }

  /// Changes what the next start reads.
  func configure(_ change: (inout AgentConfiguration) -> Void) { configuration.withLock { change(&$0) } }

  func start() throws {
    let home = try home()
    var parts = Agent.Parts(
      home: home, relay: relay, camera: device.camera, microphone: device.microphone,
      configuration: configuration.withLock { $0 }, logger: log.logger("agent", .info), ledger: ledger)
    parts.killSwitch = plan.killSwitch?()
    parts.noticeFolders = plan.noticeFolders
    let agent = try Agent(parts)
    state.withLock { $0 = State(home: home, task: Task { try await agent.run() }, agent: agent) }
  }

  func stop() async {
    let task = state.withLock { state in
      defer { state.task = nil }
      return state.task
    }
    task?.cancel()
    _ = try? await task?.value
  }
}
