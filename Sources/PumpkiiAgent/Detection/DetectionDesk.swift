package import Logging
package import PumpkiiCapture
package import PumpkiiMedia
package import PumpkiiPolicy
package import PumpkiiSystem
internal import PumpkiiVault
internal import PumpkiiWire
internal import Synchronization

/// Looks for motion and listens for loudness where both are allowed, and turns what it finds into sealed events. The
/// sensors' threads bring coarse grids and levels; neither a picture nor a sample is kept.
package final class DetectionDesk: Sendable {
  /// What was found.
  package enum Kind: String, Sendable, CaseIterable {
    case motion
    case sound

    /// What the gate is asked for.
    package var use: Uses { self == .motion ? .detectMotion : .detectSound }
  }

  private let gate: Gate
  private let desk: SealingDesk
  private let logger: Logger
  private let anchor: WallClockAnchor
  private let motion: Mutex<MotionDetector>
  private let sound: Mutex<SoundDetector>
  /// Told of each report that was allowed: recorder, notices.
  private let listener: @Sendable (Kind, DetectionReport) -> Void

  package init(
    gate: Gate, desk: SealingDesk, settings: (motion: MotionSettings, sound: SoundSettings), anchor: WallClockAnchor,
    logger: Logger, listener: @escaping @Sendable (Kind, DetectionReport) -> Void = { _, _ in }
  ) {
    self.gate = gate
    self.desk = desk
    self.logger = logger
    self.anchor = anchor
    self.listener = listener
    motion = Mutex(MotionDetector(settings: settings.motion))
    sound = Mutex(SoundDetector(settings: settings.sound))
  }

  /// Whether a look for motion is due: asked before a grid is made, which costs.
  /// - Parameter time: CLOCK_MONOTONIC in ns.
  package func isLookDue(at time: UInt64) -> Bool { motion.withLock { $0.isDue(at: time) } }

  /// Looks at a picture that the gate let through for motion.
  package func look(_ grid: LumaGrid, at time: UInt64) {
    if let report = motion.withLock({ $0.look(grid, at: time) }) { found(.motion, report) }
  }

  /// Hears a level that the gate let through for loudness.
  package func hear(_ level: SoundLevel) {
    if let report = sound.withLock({ $0.hear(level) }) { found(.sound, report) }
  }

  /// The sensor closed: nothing is known any more.
  package func close(_ kind: Kind, at time: UInt64 = Clocks.monotonic()) {
    switch kind {
    case .motion: if let report = motion.withLock({ $0.close(at: time) }) { found(.motion, report) }
    case .sound: if let report = sound.withLock({ $0.close(at: time) }) { found(.sound, report) }
    }
  }

  private func found(_ kind: Kind, _ report: DetectionReport) {
    // What was withdrawn while it was found is nobody's.
    guard gate.allowed(.event, among: kind.use).uses == kind.use else { return }
    if report.stage != .goesOn {
      logger.info("\(kind.rawValue) \(report.stage.rawValue)")
      seal(kind, report)
    }
    listener(kind, report)
  }

  private func seal(_ kind: Kind, _ report: DetectionReport) {
    var uses = kind.use
    // What leaves the device asks more than what is kept on it.
    let flag: Flag = kind == .motion ? .detectMotion : .detectSound
    if gate.denial(.upload, flag, for: Use.live.purpose) == nil { uses.insert(.live) }
    uses.insert(.record)
    guard case .cleared(let clearance) = gate.clear(.event, for: uses) else { return }
    let time = anchor.unixMicroseconds(report.time)
    do throws(VaultError) {
      _ = try desk.sealEvent(clearance, json: Self.json(kind, report, time: time), captureTime: time)
    } catch {
      logger.error("an event could not be sealed: \(error.code.rawValue)")
    }
  }

  /// `{"event":"motion","stage":"began","time_us":…,"score":0.12,"zones":["door"]}`
  private static func json(_ kind: Kind, _ report: DetectionReport, time: UInt64) -> [UInt8] {
    let zones = report.zones.map { "\"\($0.filter { $0.isLetter || $0.isNumber || "-_ ".contains($0) })\"" }
    let score = (report.score * 1000).rounded() / 1000
    return Array(
      #"{"event":"\#(kind.rawValue)","stage":"\#(report.stage.rawValue)","time_us":\#(time),"score":\#(score),"#.utf8)
      + Array(#""duration_ms":\#(report.duration / 1_000_000),"zones":[\#(zones.joined(separator: ","))]}"#.utf8)
  }
}
