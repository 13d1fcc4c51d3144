package import Logging
package import PumpkiiCapture
package import PumpkiiPolicy
package import PumpkiiSystem
internal import Synchronization

/// Says what happens to the sensors, to the log and the ledger: opened, closed, failed. Each state once, not each
/// second.
package final class SensorReport: Sendable {
  private struct State {
    var lastFailure: [SensorIdentity.Kind: CaptureError.Code] = [:]
    var hasSealed = false
    var sealingFailures: Set<String> = []
  }

  private let logger: Logger
  private let ledger: LedgerWriter?
  private let profile: String
  private let listener: Listener
  private let state = Mutex(State())
  /// What the beacons say of the sensors follows from this.
  package let situations = Published(SensorSituations())

  /// Who acts on what is reported, on the sensor's thread.
  package struct Listener: Sendable {
    /// A sensor was opened.
    package var opened: @Sendable (SensorIdentity) -> Void = { _ in }
    /// It was closed.
    package var closed: @Sendable (SensorIdentity) -> Void = { _ in }
    /// An object of it was denied.
    package var denied: @Sendable (Decision) -> Void = { _ in }
    /// Something happened to it while it was open.
    package var happened: @Sendable (SensorIdentity, SensorEvent) -> Void = { _, _ in }
    /// It could not be opened, or stopped; whether that is news.
    package var failed: @Sendable (SensorIdentity, CaptureError.Code, Bool) -> Void = { _, _, _ in }

    package init() {}
  }

  package init(logger: Logger, ledger: LedgerWriter?, profile: String, listener: Listener = Listener()) {
    self.listener = listener
    self.logger = logger
    self.ledger = ledger
    self.profile = profile
  }

  /// A camera delivers; its format is the ledger's source.
  package func opened(_ sensor: SensorIdentity, format: VideoFormat) {
    note(opened: sensor, rate: .null)
    logger.info(
      "camera opened",
      metadata: [
        "format": "\(format.pixels.rawValue)", "size": "\(format.width)x\(format.height)",
        "fps": "\(format.rate.value)",
      ])
    ledger?.record(
      "source",
      [
        "profile": .text(profile), "codec": .text(format.pixels.rawValue), "width": .number(Int64(format.width)),
        "height": .number(Int64(format.height)), "fps": .text("\(format.rate.value)"),
      ])
  }

  /// A microphone delivers.
  package func opened(_ sensor: SensorIdentity, format: AudioFormat) {
    note(opened: sensor, rate: .number(Int64(format.sampleRate)))
    logger.info("microphone opened", metadata: ["rate": "\(format.sampleRate)", "channels": "\(format.channels)"])
  }

  /// A microphone of which only the level is taken.
  package func opened(_ sensor: SensorIdentity) {
    note(opened: sensor, rate: .null)
    logger.info("microphone opened for its level alone")
  }

  /// - Parameters:
  ///   - made: units, by the device's own numbers.
  ///   - counters: what became of them before us.
  package func closed(_ sensor: SensorIdentity, made: UInt64, counters: CaptureCounters) {
    listener.closed(sensor)
    situations.update { $0[sensor.kind].closed() }
    ledger?.record(
      "closed",
      [
        "sensor": .text(sensor.kind.rawValue), "t": .count(Clocks.unixMicroseconds()), "made": .count(made),
        "delivered": .count(counters.delivered), "lost": .text(Self.list(counters.lost.map { ($0.rawValue, $1) })),
        "recoveries": .text(Self.list(counters.recoveries.map { ($0, $1) })),
      ])
    let losses = counters.lost.sorted { $0.key.rawValue < $1.key.rawValue }
    logger.info(
      "\(sensor.kind.rawValue) closed",
      metadata: Dictionary(
        losses.map { ("lost_\($0.key.rawValue)", "\($0.value)") } + [("made", "\(made)")], uniquingKeysWith: { $1 }))
  }

  /// Something happened to an open device.
  package func happened(_ sensor: SensorIdentity, _ event: SensorEvent) {
    listener.happened(sensor, event)
    note(sensor, event)
    let (level, words, name) = Self.words(event)
    logger.log(level: level, "\(sensor.kind.rawValue): \(words)")
    ledger?.record(
      "device",
      ["sensor": .text(sensor.kind.rawValue), "t": .count(Clocks.unixMicroseconds()), "what": .text(name)])
  }

  /// Wakes nobody for what changes no situation: notes, drift.
  private func note(_ sensor: SensorIdentity, _ event: SensorEvent) {
    var next = situations.value
    next[sensor.kind].happened(event)
    guard next != situations.value else { return }
    situations.update { $0[sensor.kind].happened(event) }
  }

  /// `gap=3 stale=1`, sorted by name.
  private static func list(_ counts: [(name: String, count: UInt64)]) -> String {
    counts.sorted { $0.name < $1.name }.map { "\($0.name)=\($0.count)" }.joined(separator: " ")
  }

  private static func words(_ event: SensorEvent) -> (level: Logger.Level, words: Logger.Message, name: String) {
    switch event {
    case .shutter(true): (.notice, "the privacy shutter is closed", "shutter_closed")
    case .shutter(false): (.notice, "the privacy shutter is open", "shutter_open")
    case .signal(true): (.notice, "the source gives a signal", "signal")
    case .signal(false): (.warning, "the source gives no signal", "no_signal")
    case .formatChanged: (.notice, "the source changed its format", "format_changed")
    case .recovering(let rung, let reason): (.warning, "\(reason); trying: \(rung)", "recovering_\(rung)")
    case .recovered: (.notice, "it works again", "recovered")
    case .silent(true): (.warning, "nothing but zeros comes: muted, or the wrong input?", "silent")
    case .silent(false): (.notice, "sound comes again", "sound")
    case .drift(let ppm): (.debug, "the clock is off by \(Int(ppm.rounded())) ppm", "drift")
    case .note(let text): (.info, "\(text)", "note")
    }
  }

  /// It could not be opened, or stopped; the log hears of it once, until it fails otherwise.
  package func failed(_ sensor: SensorIdentity, _ error: CaptureError) {
    situations.update { $0[sensor.kind].failed(error.code) }
    let isNew = state.withLock { state in
      defer { state.lastFailure[sensor.kind] = error.code }
      return state.lastFailure[sensor.kind] != error.code
    }
    listener.failed(sensor, error.code, isNew)
    if isNew { logger.error("\(sensor.kind.rawValue): \(error)") }
  }

  /// The gate denied an object.
  package func denied(_ decision: Decision) { listener.denied(decision) }

  /// An object was sealed; only the first since the start is worth a line.
  package func sealedFirst() {
    let isFirst = state.withLock { state in
      defer { state.hasSealed = true }
      return !state.hasSealed
    }
    guard isFirst else { return }
    ledger?.record("first_sealed", ["t": .count(Clocks.unixMicroseconds())])
    // Everything that a start needs has run.
    CodePages.release()
  }

  /// The log hears of each code once.
  package func sealingFailed(_ code: String) {
    if state.withLock({ $0.sealingFailures.insert(code).inserted }) { logger.error("sealing failed: \(code)") }
  }

  /// - Parameter rate: sample frames per second, for a reader who turns samples into units.
  private func note(opened sensor: SensorIdentity, rate: LedgerWriter.Value) {
    listener.opened(sensor)
    situations.update { $0[sensor.kind].opened() }
    state.withLock { _ = $0.lastFailure.removeValue(forKey: sensor.kind) }
    ledger?.record(
      "opened", ["sensor": .text(sensor.kind.rawValue), "t": .count(Clocks.unixMicroseconds()), "rate": rate])
  }
}
