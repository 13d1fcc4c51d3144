package import Logging
package import PumpkiiCapture
internal import PumpkiiChain
internal import PumpkiiMedia
package import PumpkiiSystem
package import PumpkiiTransport
internal import PumpkiiVault
package import PumpkiiWire
internal import ServiceLifecycle

/// The agent, composed: one camera, one microphone, one relay. It owns no logic; it builds the parts and lists the
/// services in the order in which they depend on each other.
package struct Agent: Service {
  /// What an agent is made of.
  package struct Parts: Sendable {
    package var home: AgentHome
    package var relay: RelayAddress
    package var camera: (any Camera)?
    package var microphone: (any Microphone)?
    /// Watches real devices come and go; nil where there are none.
    package var hotplug: HotplugService?
    package var configuration: AgentConfiguration
    package var logger: Logger
    package var ledger: LedgerWriter?

    package init(
      home: AgentHome, relay: RelayAddress, camera: (any Camera)?, microphone: (any Microphone)?,
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
  private let connection: RelayConnection
  private let ledger: LedgerWriter?
  private let logger: Logger
  /// Counts of every unit that a sensor made.
  package let video: UnitAccount
  package let audio: UnitAccount
  package let device: DeviceID

  /// Builds everything; opens no sensor and no connection.
  /// - Throws: ``AgentError``, or ``TransportError`` for an address that is none.
  package init(_ parts: Parts) throws {
    let identity = try parts.home.identity()
    let standing = Published(RosterState().standing(now: 0))
    let gate = Gate(standing: standing)
    let outbox = Outbox(ledger: parts.ledger)
    var settings = SealingDesk.Settings()
    settings.padding = parts.configuration.padding
    let desk = SealingDesk(outbox: outbox, settings: settings)
    var attention = Attention.Settings()
    attention.linger = UInt64(parts.configuration.linger * 1e9)
    let attendant = Attendant(
      standing: standing, gate: gate, settings: attention, ledger: parts.ledger, logger: parts.logger)
    let keeper = try RosterKeeper(
      parts: RosterKeeper.Parts(
        home: parts.home, identity: identity, desk: desk, standing: standing, attendant: attendant,
        logger: parts.logger, ledger: parts.ledger), ceiling: parts.configuration.ceiling)
    device = DeviceID(of: identity.publicKey)
    connection = try RelayConnection(address: parts.relay, signer: .device(identity))
    video = UnitAccount(.video, ledger: parts.ledger)
    audio = UnitAccount(.audio, ledger: parts.ledger)
    ledger = parts.ledger
    logger = parts.logger
    let link = DeviceLink(connection: connection, device: device)
    let photos = PhotoDesk(
      interval: parts.configuration.photoInterval.map { UInt64($0 * 1e9) }, size: parts.configuration.photoSize)
    let report = SensorReport(
      logger: parts.logger, ledger: parts.ledger, profile: parts.configuration.profile ?? "file")
    let sensors = Sensors(
      gate: gate, desk: desk, attendant: attendant, photos: photos, report: report, anchor: WallClockAnchor())
    let control = ControlLink.Parts(
      link: link, keeper: keeper, attendant: attendant,
      commands: try CommandDesk(home: parts.home, device: device, photos: photos, logger: parts.logger),
      logger: parts.logger)
    let uplink = UplinkService.Parts(
      link: link, outbox: outbox, desk: desk, attendant: attendant, logger: parts.logger)
    let beacons = BeaconService(
      source: BeaconSource(
        gate: gate, standing: standing, attendant: attendant, report: report,
        sensors: Set([parts.camera?.identity.kind, parts.microphone?.identity.kind].compactMap { $0 }),
        isClockTrusted: { true }),
      desk: BeaconDesk(
        identity: identity, bootNonce: keeper.bootNonce, desk: desk,
        highestClip: { desk.message?.head.body.highestClip ?? 0 }),
      outbox: outbox, link: link)
    services =
      [
        UplinkService(parts: uplink), ControlLink(parts: control), beacons,
        EpochTimer(link: link, keeper: keeper, logger: parts.logger), attendant,
      ] + sensors.services(parts, video: video, audio: audio)
  }

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
      await connection.shutdown()
      throw error
    }
    await connection.shutdown()
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

  /// The two sensors' services; a sensor that is not there has none.
  private struct Sensors {
    let gate: Gate
    let desk: SealingDesk
    let attendant: Attendant
    let photos: PhotoDesk
    let report: SensorReport
    let anchor: WallClockAnchor

    func services(_ parts: Parts, video: UnitAccount, audio: UnitAccount) -> [any Service] {
      var list: [any Service] = []
      if let camera = parts.camera {
        let pump = CameraPump(
          camera: camera,
          context: CameraPump.Context(
            gate: gate, desk: desk, attendant: attendant, account: video, photos: photos, anchor: anchor,
            report: report,
            processor: processor(parts)))
        list.append(
          SensorService(
            identity: camera.identity, directive: attendant.directive, isWanted: { $0.camera },
            sensor: attendant.camera, report: report, arrivals: parts.hotplug?.arrivals, pump: pump.run))
      }
      if let microphone = parts.microphone {
        let pump = MicrophonePump(
          microphone: microphone,
          context: MicrophonePump.Context(
            gate: gate, desk: desk, attendant: attendant, account: audio, anchor: anchor,
            settings: parts.configuration.audio, report: report))
        list.append(
          SensorService(
            identity: microphone.identity, directive: attendant.directive, isWanted: { $0.microphone },
            sensor: attendant.microphone, report: report, arrivals: parts.hotplug?.arrivals, pump: pump.run))
      }
      if let hotplug = parts.hotplug { list.append(hotplug) }
      return list
    }

    /// Encoders of the machine are looked for when a camera opens, on its thread: nodes move.
    private func processor(_ parts: Parts) -> @Sendable (VideoFormat) throws(MediaError) -> VideoProcessor {
      let (settings, memory, report, camera) = (parts.configuration.video, EncoderMemory(), report, parts.camera)
      let isReal = parts.hotplug != nil
      return { (format) throws(MediaError) in
        let encodes = settings.mode == .h264 && format.pixels != .h264
        return try VideoProcessor(
          format: format, settings: settings, encoders: isReal && encodes ? HardwareEncoders.candidates() : [],
          memory: memory
        ) { note in if let camera { report.happened(camera.identity, .note(note)) } }
      }
    }
  }
}
