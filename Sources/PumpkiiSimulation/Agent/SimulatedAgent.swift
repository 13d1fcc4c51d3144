public import Logging
internal import PumpkiiAgent
internal import PumpkiiChain
internal import PumpkiiTransport
internal import PumpkiiVault
internal import PumpkiiWire

/// The whole agent on a simulated device, inside another program or a test: it pairs, decides, seals and uploads as the
/// one on a board does.
///
/// ```swift
/// let agent = try SimulatedAgent(profile: profile, home: folder, relay: origin, pin: pin)
/// group.addTask {
///   _ = try await agent.pair()                         // and, outside, account.pair(agent.pairingCode)
///   try await agent.run()                              // until the task is cancelled
/// }
/// ```
public final class SimulatedAgent: Sendable {
  /// The device, for pulling its cable and reading what was opened.
  public let device: SimulatedDevice
  private let home: AgentHome
  private let relay: RelayAddress
  private let host: PairingHost?
  private let identifier: DeviceID
  private let logger: Logger

  /// Makes an agent on a folder that is new or was used before; opens nothing.
  /// - Parameters:
  ///   - home: a folder of its own; made when it is missing.
  ///   - relay: `https://host:port`, or `http` on loopback.
  ///   - pin: the relay's pin; nil for a relay with a public certificate or plain HTTP on loopback.
  /// - Throws: ``SimulationError`` for files that cannot be played; a describing error for a folder or an address that
  ///   cannot be used.
  public init(
    profile: DeviceProfile, home: String, relay: String, pin: String? = nil, logger: Logger? = nil
  ) throws {
    device = try SimulatedDevice(profile)
    self.home = try AgentHome(home)
    self.relay = try RelayAddress(relay, pinText: pin)
    identifier = DeviceID(of: try self.home.identity().publicKey)
    host = try? PairingHost(home: self.home, relay: self.relay)
    self.logger = logger ?? Logger(label: "pumpkii.simulated") { _ in SwiftLogNoOpLogHandler() }
  }

  /// What the owner types; good once, for ten minutes. Empty when the agent has an owner already.
  public var pairingCode: String { host?.code ?? "" }

  /// The device's id, 32 hexadecimal digits.
  public var deviceID: String { identifier.hex }

  /// Waits in the relay's mailbox for the owner.
  /// - Returns: the owner's account id.
  /// - Throws: a describing error when nobody came or the relay is gone.
  public func pair() async throws -> String {
    try await (host ?? PairingHost(home: home, relay: relay)).run().hex
  }

  /// Runs the agent until the task is cancelled. Pair it first.
  /// - Throws: a describing error when it cannot start.
  public func run() async throws {
    var configuration = AgentConfiguration()
    configuration.profile = device.profile.name
    try await Agent(
      Agent.Parts(
        home: home, relay: relay, camera: device.camera, microphone: device.microphone, configuration: configuration,
        logger: logger)
    ).run()
  }
}
