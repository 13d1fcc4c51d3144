import Foundation
import Logging
import PumpkiiAgent
import PumpkiiCapture
import PumpkiiClient
import PumpkiiRelay
import PumpkiiSystem
import PumpkiiTransport
import PumpkiiWire
import ServiceLifecycle
import Testing

/// A relay, a camera's agent on real devices, and its owner who watches: everything between a driver and a viewer.
struct Household: Sendable {
  /// What a scenario wants to be different.
  struct Plan: Sendable {
    var camera: (any Camera)?
    var microphone: (any Microphone)?
    var configuration = AgentConfiguration()
  }

  /// Everything the agent logs.
  let log: LogBook
  /// Counts of every unit of the camera.
  let video: UnitAccount
  /// Counts of every unit of the microphone.
  let audio: UnitAccount
  let camera: CameraLink
  let folder: String
  private let origin: String
  private let ledgerWriter: LedgerWriter

  /// What the agent wrote about every unit up to now.
  var ledger: Ledger {
    get throws {
      ledgerWriter.flush()
      return try Ledger(path: "\(folder)/ledger.jsonl")
    }
  }

  /// The owner watches.
  func watch() throws -> Viewer {
    Viewer(try camera.watch(classes: [.video, .audio], keep: "\(folder)/kept-\(UUID().uuidString)"))
  }

  /// Runs `body` with a guest, who has an account and no right yet.
  func withGuest(_ body: (Account) async throws -> Void) async throws {
    let guest = try await AccountHome(path: "\(folder)/guest").create(relay: origin, pin: nil).account
    do {
      try await body(guest)
    } catch {
      await guest.close()
      throw error
    }
    await guest.close()
  }

  /// Runs `body` with everything up; afterwards the agent ends first, so that its accounts are complete, and `after` sees
  /// them.
  static func with(
    _ plan: Plan, _ body: (Household) async throws -> Void, after: (Household) async throws -> Void = { _ in }
  ) async throws {
    try await Lab.withFolder { folder in
      let relay = try RelayTask(home: "\(folder)/relay")
      let origin = try await relay.start()
      do {
        try await with(plan, folder, origin, body, after)
      } catch {
        await relay.stop()
        throw error
      }
      await relay.stop()
    }
  }

  private static func with(
    _ plan: Plan, _ folder: String, _ origin: String, _ body: (Household) async throws -> Void,
    _ after: (Household) async throws -> Void
  ) async throws {
    let owner = try await AccountHome(path: "\(folder)/owner").create(relay: origin, pin: nil).account
    _ = try await owner.acceptTerms([PolicyTexts.terms, PolicyTexts.risk])
    let agent = try AgentTask(plan, folder: folder, origin: origin)
    do {
      let camera = try await agent.pair(owner)
      let (video, audio) = try agent.start()
      let flags = ["sensor.camera", "sensor.microphone", "share.video", "share.audio", "share.photo"]
      let change = try await camera.setPermissions(
        Dictionary(uniqueKeysWithValues: flags.map { ($0, true) }), waiting: .seconds(60))
      #expect(change.confirmation.isConfirmed)
      let household = Household(
        log: agent.log, video: video, audio: audio, camera: camera, folder: folder, origin: origin,
        ledgerWriter: agent.ledger)
      try await body(household)
      await agent.stop()
      try await after(household)
    } catch {
      await agent.stop()
      await owner.close()
      throw Lab.Obstacle("\(error); the agent said: \(agent.log.all.suffix(12).joined(separator: "; "))")
    }
    await owner.close()
  }
}

/// A relay on loopback. Without TLS: that is other tests' matter, and its price on an emulated processor would be the
/// cameras' loss.
private final class RelayTask {
  private let configuration: RelayConfiguration
  private let log = LogBook()
  private var running: (task: Task<Void, any Error>, services: ServiceGroup)?

  init(home: String) throws {
    _ = try RelayServer.initialize(home: home)
    var configuration = RelayConfiguration(home: home)
    configuration.plain = true
    self.configuration = configuration
  }

  func start() async throws -> String {
    let server = try RelayServer(configuration: configuration, logger: log.logger("relay", .error))
    let services = ServiceGroup(services: [server], logger: log.logger("relay.services", .error))
    let task = Task { try await services.run() }
    let port = await server.port
    guard port > 0 else {
      try await task.value
      throw Lab.Obstacle("the relay did not start: \(log.all)")
    }
    running = (task, services)
    return "http://127.0.0.1:\(port)"
  }

  func stop() async {
    guard let running else { return }
    await running.services.triggerGracefulShutdown()
    _ = try? await running.task.value
    self.running = nil
  }
}

/// The agent as `pumpkii agent` composes it, with the watch over devices that come and go.
private final class AgentTask {
  let log = LogBook()
  let ledger: LedgerWriter
  private let plan: Household.Plan
  private let home: AgentHome
  private let relay: RelayAddress
  private var task: Task<Void, any Error>?

  init(_ plan: Household.Plan, folder: String, origin: String) throws {
    self.plan = plan
    home = try AgentHome("\(folder)/camera")
    relay = try RelayAddress(origin, pinText: nil)
    ledger = LedgerWriter(path: "\(folder)/ledger.jsonl", who: "agent")
  }

  func pair(_ owner: Account) async throws -> CameraLink {
    let host = try PairingHost(home: home, relay: relay)
    async let paired = host.run()
    let camera = try await owner.pair(host.code, name: nil)
    #expect(try await paired.hex == owner.id)
    return camera
  }

  func start() throws -> (video: UnitAccount, audio: UnitAccount) {
    let agent = try Agent(
      Agent.Parts(
        home: home, relay: relay, camera: plan.camera, microphone: plan.microphone, hotplug: HotplugService(),
        configuration: plan.configuration, logger: log.logger("agent", .info), ledger: ledger))
    task = Task { try await agent.run() }
    return (agent.video, agent.audio)
  }

  func stop() async {
    task?.cancel()
    _ = try? await task?.value
    task = nil
  }
}
