internal import Logging
internal import PumpkiiCapture
internal import PumpkiiChain
internal import PumpkiiMedia
internal import PumpkiiPolicy
internal import PumpkiiSystem
internal import PumpkiiTransport
internal import PumpkiiVault
internal import PumpkiiWire
internal import ServiceLifecycle

/// The parts of an agent that all its services share: who decides, who seals, who watches over the sensors.
struct AgentCore {
  let identity: SigningIdentity
  let device: DeviceID
  let surroundings = Surroundings()
  let gate: Gate
  let outbox: Outbox
  let desk: SealingDesk
  let attendant: Attendant
  let keeper: RosterKeeper
  let bindings: SensorBindings
  let photos: PhotoDesk
  let report: SensorReport
  let video: UnitAccount
  let audio: UnitAccount
  let anchor = WallClockAnchor()
  let detection: DetectionDesk
  let recorder: Recorder
  let uploads: UploadBook
  private let recording: RecordingGuard
  let notices: NoticeDesk
  /// Nil where the configuration names no address for it.
  let preview: PreviewDesk?
  let openSensors = OpenSensors()
  let audit: Audit
  let denials: Denials
  let shutterClosings = Published<UInt64>(0)
  private let standing: Published<Standing>

  /// - Throws: ``AgentError``.
  init(_ parts: Agent.Parts) throws(AgentError) {
    let (home, configuration, logger, ledger) = (parts.home, parts.configuration, parts.logger, parts.ledger)
    identity = try home.identity()
    audit = try Audit(home: home, identity: identity, logger: logger)
    let denials = Denials { [decisions = audit.decisions] in decisions.denied($0) }
    self.denials = denials
    device = DeviceID(of: identity.publicKey)
    let standing = Published(RosterState().standing(now: 0))
    self.standing = standing
    let clock = try Self.clock(home, configuration, logger)
    gate = Gate(standing: standing, surroundings: surroundings, clock: clock)
    outbox = Outbox(ledger: ledger)
    var settings = SealingDesk.Settings()
    settings.padding = configuration.padding
    recorder = try Recorder(
      folder: "\(home.folder)/spool", identity: identity, settings: configuration.record, logger: logger,
      isGranted: { [gate] in gate.isRecordingGranted($0) })
    uploads = UploadBook(highest: recorder.highestClip) { denials.add($0) }
    desk = SealingDesk(outbox: outbox, recorder: recorder, settings: settings)
    var attention = Attention.Settings()
    attention.linger = UInt64(configuration.linger * 1e9)
    attendant = Attendant(
      standing: standing, gate: gate, settings: attention, ledger: ledger, logger: logger, denied: { denials.add($0) })
    var keeping = RosterKeeper.Parts(
      home: home, identity: identity, desk: desk, standing: standing, attendant: attendant, logger: logger,
      ledger: ledger)
    keeping.clock = clock
    clock.onStepBack { [nudges = keeping.nudges] in nudges.update { $0 += 1 } }
    keeping.audit = audit
    keeping.ownsCeiling = true
    try recorder.spool.count(by: audit.counter)
    keeping.highestClip = { [recorder] in recorder.highestClip }
    let (gate, recorder) = (gate, recorder)
    notices = NoticeDesk(
      kinds: configuration.notices, environment: parts.environment, folders: parts.noticeFolders,
      denied: { denials.add(gate.denial(.notify, .notifySystem, for: $0.purpose)) },
      isAllowed: { gate.denial(.notify, .notifySystem, for: $0.purpose) == nil }, logger: logger)
    keeping.admitted = { [notices] in notices.tell(.viewer) }
    keeper = try RosterKeeper(parts: keeping, ceiling: configuration.ceiling)
    recording = RecordingGuard(gate: gate, recorder: recorder)
    bindings = try SensorBindings(home: home, surroundings: surroundings, logger: logger)
    photos = Self.photos(configuration, gate, standing)
    report = SensorReport(
      logger: logger, ledger: ledger, profile: configuration.profile ?? "file",
      listener: Self.listener(
        surroundings, bindings, audit.decisions, gate, recording, shutterClosings, denials, notices))
    video = UnitAccount(.video, ledger: ledger)
    audio = UnitAccount(.audio, ledger: ledger)
    detection = DetectionDesk(
      gate: gate, desk: desk, settings: (configuration.motion, configuration.sound), anchor: anchor, logger: logger,
      listener: Self.follower(recorder, notices))
    preview =
      configuration.preview.host == nil
      ? nil
      : PreviewDesk(
        mode: configuration.video.mode, rate: configuration.preview.rate, denied: { denials.add($0) },
        denial: { gate.denial(.showLocally, .sensorCamera) })
    watchChanges(parts)
  }

  private static func clock(
    _ home: AgentHome, _ configuration: AgentConfiguration, _ logger: Logger
  ) throws(AgentError) -> ClockGuard {
    let isVouchedFor = configuration.trustsClock
    return try ClockGuard(home: home, logger: logger) { ClockSigns.keeper(isVouchedFor: isVouchedFor) }
  }

  /// Photos are for whoever would receive the keys of them now.
  private static func photos(
    _ configuration: AgentConfiguration, _ gate: Gate, _ standing: Published<Standing>
  ) -> PhotoDesk {
    PhotoDesk(
      interval: configuration.photoInterval.map { UInt64($0 * 1e9) }, size: configuration.photoSize,
      denial: { gate.allowed(.photo, among: .photo).denial },
      mayHave: { client in
        let now = Clocks.unixMicroseconds()
        return standing.value.recipients.contains {
          $0.client == client && $0.classes.contains(.photo) && now < $0.notAfter
        }
      })
  }

  /// What is found begins and keeps clips, and is told on the screen.
  private static func follower(
    _ recorder: Recorder, _ notices: NoticeDesk
  ) -> @Sendable (DetectionDesk.Kind, DetectionReport) -> Void {
    { kind, report in
      // A clip goes on for its post-roll after the last report of what goes on.
      guard report.stage != .ended else { return }
      recorder.trigger(kind == .motion ? .motion : .sound)
      if report.stage == .began { notices.tell(kind == .motion ? .motion : .sound) }
    }
  }

  /// What the sensors tell reaches the judge and the decision log on the thread that hears it.
  private static func listener(
    _ surroundings: Surroundings, _ bindings: SensorBindings, _ decisions: DecisionLog, _ gate: Gate,
    _ recording: RecordingGuard, _ closings: Published<UInt64>, _ denials: Denials, _ notices: NoticeDesk
  ) -> SensorReport.Listener {
    var listener = SensorReport.Listener()
    listener.opened = { sensor in
      decisions.record(.opened(sensor.kind.audited))
      bindings.opened(sensor)
      surroundings.setAbsent(sensor.kind.flag, false)
      notices.tell(.sensor)
    }
    listener.failed = { sensor, code, isNews in
      surroundings.setAbsent(sensor.kind.flag, code == .gone)
      if isNews { notices.tell(.failure) }
    }
    listener.closed = { sensor in
      let flag = sensor.kind.flag
      decisions.closed(sensor.kind.audited, gate.denial(.keepSensor, flag) == nil ? .unwanted : .denied)
      recording.closed(flag)
    }
    listener.denied = { denials.add($0) }
    listener.happened = { sensor, event in
      guard case .shutter(let isClosed) = event, sensor.kind == .camera else { return }
      surroundings.set(.shutterClosed, of: .sensorCamera, to: isClosed)
      if isClosed { closings.update { $0 += 1 } }
    }
    return listener
  }

  /// Whatever changes what is allowed is acted on before the change's bringer goes on.
  private func watchChanges(_ parts: Agent.Parts) {
    let (attendant, bindings, standing, gate) = (attendant, bindings, standing, gate)
    surroundings.onChange { attendant.standingChanged() }
    let expected: @Sendable () -> [ExpectedSensor] = { standing.value.facts.owner?.expected ?? [] }
    for identity in [parts.camera?.identity, parts.microphone?.identity] {
      if let identity { bindings.found(identity, expected: expected()) }
    }
    surroundings.setAbsent(.sensorCamera, parts.camera == nil)
    surroundings.setAbsent(.sensorMicrophone, parts.microphone == nil)
    let recording = recording
    let queue = QueueGuard(gate: gate, outbox: outbox)
    recording.refresh()
    attendant.follow { [preview, photos, denials] in
      bindings.check(expected: expected())
      queue.refresh()
      recording.refresh()
      photos.refresh()
      preview?.refresh()
      denials.follow(gate)
    }
    attendant.update { desires in
      desires.record = true
      desires.motion = parts.camera != nil
      desires.loudness = parts.microphone != nil
    }
  }

  /// What speaks with the relay; nothing where there is none.
  /// - Throws: ``AgentError``.
  func relayServices(_ link: DeviceLink?, _ parts: Agent.Parts) throws(AgentError) -> [any Service] {
    guard let link else { return [] }
    let uplink = UplinkService.Parts(
      link: link, outbox: outbox, desk: desk, attendant: attendant, logger: parts.logger)
    let control = ControlLink.Parts(
      link: link, keeper: keeper, attendant: attendant,
      commands: try CommandDesk(home: parts.home, device: device, photos: photos, logger: parts.logger) {
        [denials] in denials.add($0)
      },
      logger: parts.logger)
    return [
      UplinkService(parts: uplink), ControlLink(parts: control), beacons(link, parts), uploader(link, parts),
      reporter(link, parts),
    ]
  }

  /// Tells of each finished clip, and counts it where it may not go to the relay (E7).
  func clipWatch(_ parts: Agent.Parts) -> ClipWatch {
    let (gate, notices, uploads, hasRelay) = (gate, notices, uploads, parts.relay != nil)
    return ClipWatch(recorder: recorder) { number in
      notices.tell(.clip)
      if hasRelay, let denial = gate.uploadDenial([]) { uploads.denied(number, denial) }
    }
  }

  /// Brings clips to the relay where that is allowed (E7).
  private func uploader(_ link: DeviceLink, _ parts: Agent.Parts) -> ClipUploader {
    let (gate, changes) = (gate, uploads.changes)
    var uploads = ClipUploader.Parts(
      spool: recorder.spool, store: link, key: identity.publicKey, changes: changes,
      mayUpload: { gate.mayUpload($0) }, logger: parts.logger)
    let guarding = UploadGuard(spool: recorder.spool) { gate.isUploadGranted($0) }
    uploads.guarding = guarding
    uploads.denial = { gate.uploadDenial($0) }
    uploads.book = self.uploads
    attendant.follow {
      guarding.refresh()
      changes.update { $0 &+= 1 }
    }
    return ClipUploader(parts: uploads)
  }

  /// Sends what the owner consented to, and takes it back (E9).
  private func reporter(_ link: DeviceLink, _ parts: Agent.Parts) -> DiagnosticsReporter {
    let (gate, denials) = (gate, denials)
    let reporter = DiagnosticsReporter(
      parts: DiagnosticsReporter.Parts(
        log: DiagnosticsLog(path: "\(parts.home.folder)/\(DiagnosticsLog.fileName)"),
        marker: RunMarker(home: parts.home), environment: .current(parts.environment),
        isAllowed: { gate.denial(.reportDiagnostics, $0, for: .improvement) == nil },
        send: { try await link.report($0) }, withdraw: { try await link.withdrawReports() }, logger: parts.logger,
        denied: { denials.add(gate.denial(.reportDiagnostics, $0, for: .improvement)) }))
    attendant.follow { reporter.policyChanged() }
    return reporter
  }

  /// Says of the sensors, signed, what viewers cannot see.
  private func beacons(_ link: DeviceLink, _ parts: Agent.Parts) -> BeaconService {
    let (recorder, standing) = (recorder, standing)
    return BeaconService(
      source: BeaconSource(
        gate: gate, standing: standing, attendant: attendant, report: report,
        sensors: Set([parts.camera?.identity.kind, parts.microphone?.identity.kind].compactMap { $0 }),
        isClockTrusted: { standing.value.facts.clock == .trusted }),
      desk: BeaconDesk(
        identity: identity, bootNonce: keeper.bootNonce, desk: desk,
        highestClip: { recorder.highestClip }),
      outbox: outbox, link: link)
  }

  /// Answers the board's commands.
  func boardDesk(_ parts: Agent.Parts) -> BoardDesk {
    let (open, gate, bindings, video, audio, recorder) = (openSensors, gate, bindings, video, audio, recorder)
    let (attendant, denials, uploads, hasRelay) = (attendant, denials, uploads, parts.relay != nil)
    let sensors = [parts.camera?.identity, parts.microphone?.identity].compactMap { $0 }
    return BoardDesk(
      keeper: keeper, gate: gate,
      describe: { status in
        status.isRunning = true
        status.sensors = sensors.map { sensor in
          let flag = sensor.kind.flag
          let decision = decide(
            Request(point: .keepSensor, flag: flag), facts: gate.factsForPeople, now: Clocks.unixMicroseconds())
          return BoardStatus.Sensor(
            kind: sensor.kind.rawValue, name: sensor.name, isOpen: open.kinds.contains(sensor.kind),
            denial: decision.allowed ? nil : decision.reason, fingerprint: bindings.present(flag))
        }
        let counts = (video.current, audio.current)
        status.counters = ["video_sealed": counts.0.sealed, "audio_sealed": counts.1.sealed]
        recorder.describe(into: &status, hasRelay: hasRelay)
        status.refused = attendant.refused
        status.denied = denials.byFlag
      }, record: { recorder.wish(for: $0) },
      clips: { () throws(AgentError) in
        let way = Spool.Way(hasRelay: hasRelay, isRunning: true, denial: gate.uploadDenial([])) {
          gate.denial(.upload, $0.flag, for: Use.upload.purpose) != nil
        }
        return recorder.spool.listing(way, uploads)
      },
      upload: { (numbers) throws(AgentError) in
        try recorder.spool.release(numbers)
        uploads.again(numbers)
      },
      fingerprint: { bindings.present($0) })
  }
}

extension SensorIdentity.Kind {
  /// The same in the ledger's words.
  var audited: AuditRecord.Sensor { self == .camera ? .camera : .microphone }
  var flag: Flag { self == .camera ? .sensorCamera : .sensorMicrophone }
}
