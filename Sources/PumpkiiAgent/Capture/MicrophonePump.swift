package import PumpkiiCapture
package import PumpkiiMedia
internal import PumpkiiPolicy
package import PumpkiiSystem
internal import PumpkiiVault
internal import PumpkiiWire

/// The microphone's own thread: lease → period → encode → gate → seal. Sound that nobody may hear is never encoded, and
/// a denied microphone is never opened.
package struct MicrophonePump: Sendable {
  /// What the thread works with.
  package struct Context: Sendable {
    package var gate: Gate
    package var desk: SealingDesk
    package var attendant: Attendant
    package var account: UnitAccount
    package var anchor: WallClockAnchor
    package var settings: AudioSettings
    package var report: SensorReport
    /// Told that the microphone is open, for the indicator.
    package var open: OpenSensors
    /// Listens for loudness; nil where nobody does.
    package var detection: DetectionDesk?

    package init(
      gate: Gate, desk: SealingDesk, attendant: Attendant, account: UnitAccount, anchor: WallClockAnchor,
      settings: AudioSettings, report: SensorReport, open: OpenSensors = OpenSensors(), detection: DetectionDesk? = nil
    ) {
      self.open = open
      self.detection = detection
      self.gate = gate
      self.desk = desk
      self.attendant = attendant
      self.account = account
      self.anchor = anchor
      self.settings = settings
      self.report = report
    }
  }

  private static let track = Track(.audio)
  /// Uses that take coded sound.
  private static let coded: Uses = [.live, .record]
  private let microphone: any Microphone
  let context: Context

  package init(microphone: any Microphone, context: Context) {
    self.microphone = microphone
    self.context = context
  }

  /// Runs until the switch is off, the device fails, or policy takes the lease away. Blocks.
  /// - Returns: the device's error, nil when it was told to stop.
  package func run() -> CaptureError? {
    if wantsLevelsAlone, let outcome = runLevels(microphone) { return outcome.failure }
    do throws(SensorLease<any MicrophoneSession>.Refusal) {
      let lease = try SensorLease(
        gate: context.gate, sensor: .sensorMicrophone, open: context.open, base: { $0 },
        opening: { () throws(CaptureError) in
          try microphone.open { context.report.happened(microphone.identity, $0) }
        })
      return hold(lease)
    } catch {
      return error.failure
    }
  }

  private func hold(_ lease: consuming SensorLease<any MicrophoneSession>) -> CaptureError? {
    var run = lease.withSession { session in
      context.attendant.microphone.attach(session)
      context.report.opened(microphone.identity, format: session.format)
      return Run(
        meter: AudioUnitMeter(sampleRate: session.format.sampleRate),
        level: LevelMeter(rate: session.format.sampleRate, channels: session.format.channels))
    }
    let failure = lease.withSession { pump($0, &run) }
    context.attendant.microphone.attach(nil)
    // The descriptor is closed before what is left of its sound is dealt with: off means off.
    let (made, counters) = lease.end()
    context.report.closed(microphone.identity, made: made, counters: counters)
    finish(&run)
    run.meter.close(made: made) { context.account.dropped($0, .shutdown) }
    context.detection?.close(.sound)
    try? context.desk.pause(.audio)
    return failure
  }

  /// What one open device's sound goes through; confined to the thread.
  private struct Run {
    var meter: AudioUnitMeter
    var processor: AudioProcessor?
    /// How loud it is, where that is asked for.
    var level: LevelMeter?
    /// What the sound in the encoder was taken for.
    var uses: Uses = []

    mutating func started(_ format: AudioFormat, _ settings: AudioSettings) throws(MediaError) -> AudioProcessor {
      if let processor { return processor }
      let fresh = try AudioProcessor(format: format, settings: settings)
      processor = fresh
      return fresh
    }
  }

  private func pump(_ session: any MicrophoneSession, _ run: inout Run) -> CaptureError? {
    while context.attendant.microphone.isOn, context.gate.denial(.keepSensor, .sensorMicrophone) == nil,
      !wantsLevelsAlone
    {
      do throws(CaptureError) {
        guard let audio = try session.next(timeout: .seconds(1)) else { continue }
        try handle(audio, session.format, &run)
      } catch {
        return error
      }
    }
    return nil
  }

  private func handle(_ audio: CapturedAudio, _ format: AudioFormat, _ run: inout Run) throws(CaptureError) {
    measure(audio, format, &run.level)
    let frames = audio.samples.count / max(format.channels, 1)
    let wanted = context.attendant.soundUses.intersection(Self.coded)
    let (uses, refusal) = context.gate.allowed(.audio, among: wanted)
    // The recorder would take all there is; what nobody hears is no denial for that.
    let denial = wanted.contains(.live) ? refusal : nil
    guard !uses.isEmpty else {
      finish(&run)
      try? context.desk.pause(.audio)
      if let denial { context.report.denied(denial) }
      run.meter.pass(position: audio.position, frames: frames) { unit, wasLost in
        if wasLost {
          context.account.dropped(unit, .driver)
        } else if let denial {
          context.account.denied(unit, flag: denial.flag.rawValue)
        } else {
          context.account.dropped(unit, .unwatched)
        }
      }
      return
    }
    do throws(MediaError) {
      let processor = try run.started(format, context.settings)
      run.meter.feed(position: audio.position, frames: frames) { context.account.dropped($0, .driver) }
      let time = context.anchor.unixMicroseconds(audio.timestamp)
      for chunk in try processor.process(audio, at: time * 1000) {
        seal(chunk, for: uses, processor.initialization, &run)
      }
      run.uses = uses
    } catch {
      throw CaptureError(.unsupported, error.reason, advice: error.advice)
    }
  }

  /// Ends an encoder run: what it still holds is sealed if the gate allows it, and every unit fed to it is accounted
  /// for.
  private func finish(_ run: inout Run) {
    guard let processor = run.processor else { return }
    run.processor = nil
    for chunk in (try? processor.flush()) ?? [] {
      seal(chunk, for: run.uses, processor.initialization, &run)
    }
    run.meter.abandon { context.account.dropped($0, .shutdown) }
  }

  private func seal(_ chunk: AudioChunk, for uses: Uses, _ initialization: [UInt8], _ run: inout Run) {
    let units = run.meter.take(packets: chunk.sourceUnits)
    let captureTime = chunk.decodeTime / 1000
    let unit = MediaUnit(
      track: Self.track, kind: .chunk, payload: chunk.bytes, captureTime: captureTime,
      duration: UInt32(chunk.packets) * 20_000, isRandomAccess: true, initialization: initialization)
    switch context.gate.clear(.audio, for: uses) {
    case .denied(let decision):
      context.report.denied(decision)
      for unit in units { context.account.denied(unit, flag: decision.flag.rawValue) }
    case .cleared(let clearance):
      let cleared = clearance.uses
      do throws(VaultError) {
        guard let position = try context.desk.seal(clearance, unit) else {
          for unit in units { context.account.dropped(unit, .unwatched) }
          return
        }
        if units.isEmpty { context.account.filled(at: position) }
        for (place, unit) in units.enumerated() {
          context.account.sealed(unit, at: position, captureTime: captureTime + UInt64(place) * 20_000, for: cleared)
        }
      } catch {
        for unit in units { context.account.dropped(unit, .shutdown) }
        context.report.sealingFailed(error.code.rawValue)
      }
    }
  }
}
