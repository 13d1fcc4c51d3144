internal import FoundationEssentials
internal import Logging
internal import PumpkiiAgent
internal import PumpkiiClient
internal import PumpkiiPolicy
internal import PumpkiiRelay
internal import PumpkiiSimulation
internal import PumpkiiSystem
internal import PumpkiiTransport
internal import ServiceLifecycle

/// A relay on loopback, an agent on a simulated device that does everything at once (live video and sound, pre-roll and
/// clips, uploads, photos), its owner and a guest.
struct BenchStage: Sendable {
  static let framesPerSecond = 30.0
  private static let allowed = [
    "sensor.camera", "sensor.microphone", "share.video", "share.audio", "share.photo", "record.local", "record.cloud",
  ]

  let owner: Account
  let guest: Account
  let camera: CameraLink
  let board: Board
  let agent: Agent
  let killSwitch: HandSwitch
  let ledger: LedgerWriter
  let ledgerPath: String

  /// Shares everything with the guest.
  func share() async throws -> Confirmation {
    try await camera.share(with: guest.id, classes: [.video, .audio, .photo]).confirmation
  }

  /// Sets everything up in a folder of its own, runs `body`, and takes it down.
  static func with(_ body: @escaping @Sendable (BenchStage) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.path + "/pumpkii-revoke-\(UUID().uuidString)"
    try DurableFile.makeFolder(folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let pin = try RelayServer.initialize(home: "\(folder)/relay")
    let server = try RelayServer(configuration: RelayConfiguration(home: "\(folder)/relay"), logger: quiet("relay"))
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await ServiceGroup(services: [server], logger: quiet("services")).run() }
      let port = await server.port
      guard port > 0 else { throw BenchError("the relay did not start") }
      let origin = "https://127.0.0.1:\(port)"
      let owner = try await account("owner", folder, origin, pin)
      let guest = try await account("guest", folder, origin, pin)
      _ = try await owner.acceptTerms([PolicyTexts.terms, PolicyTexts.risk])
      let home = try AgentHome("\(folder)/camera")
      let relay = try RelayAddress(origin, pinText: pin)
      let host = try PairingHost(home: home, relay: relay)
      async let paired = host.run()
      let camera = try await owner.pair(host.code)
      _ = try await paired
      let path = "\(folder)/ledger.jsonl"
      let ledger = LedgerWriter(path: path, who: "agent")
      let killSwitch = HandSwitch()
      let agent = try agent(home, relay, ledger, killSwitch)
      group.addTask { try await agent.run() }
      let stage = BenchStage(
        owner: owner, guest: guest, camera: camera, board: Board(folder: home.folder), agent: agent,
        killSwitch: killSwitch, ledger: ledger, ledgerPath: path)
      try await stage.open()
      group.addTask {
        try await body(stage)
        throw CancellationError()
      }
      do {
        try await group.next()
      } catch is CancellationError {
        // The body is through.
      }
      group.cancelAll()
      await owner.close()
      await guest.close()
    }
  }

  private func open() async throws {
    let flags = Dictionary(uniqueKeysWithValues: Self.allowed.map { ($0, true) })
    guard try await camera.setPermissions(flags).confirmation.isConfirmed, try await share().isConfirmed else {
      throw BenchError("the camera does not answer")
    }
  }

  private static func account(
    _ name: String, _ folder: String, _ origin: String, _ pin: String
  ) async throws -> Account {
    try await AccountHome(path: "\(folder)/\(name)").create(relay: origin, pin: pin).account
  }

  private static func agent(
    _ home: AgentHome, _ relay: RelayAddress, _ ledger: LedgerWriter, _ killSwitch: HandSwitch
  ) throws -> Agent {
    let device = try SimulatedDevice(
      DeviceProfile(
        name: "pattern",
        camera: CameraProfile(format: .mjpeg, width: 640, height: 480, fps: framesPerSecond),
        microphone: MicrophoneProfile(source: .tone)))
    var configuration = AgentConfiguration()
    configuration.record.mode = .continuous
    configuration.record.preRollSeconds = 4
    configuration.record.maxClipSeconds = 2
    configuration.record.afterUpload = .delete
    configuration.photoInterval = 0.25
    configuration.photoSize = .stream
    // The schedule is about the time, which a machine that keeps none would deny for.
    configuration.trustsClock = true
    var parts = Agent.Parts(
      home: home, relay: relay, camera: device.camera, microphone: device.microphone, configuration: configuration,
      logger: quiet("agent"), ledger: ledger)
    parts.killSwitch = killSwitch.make()
    return try Agent(parts)
  }

  private static func quiet(_ label: String) -> Logger { Logger(label: label) { _ in SwiftLogNoOpLogHandler() } }
}
