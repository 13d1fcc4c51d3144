internal import PumpkiiCapture

/// The camera: makes a frame once each interval while the host streams, and lets the script spoil it.
///
/// Confined to the webcam's thread.
final class VideoStream {
  /// What a call of ``serve(at:)`` found out.
  struct Outcome {
    var stop: Fault?
    var controlStall: Fault?
    /// Nil while it stays as it is.
    var shutterClosed: Bool?
  }

  private struct Session {
    let choice: StreamChoice
    let opening: Int
    let pace: Pace
    let script: FaultScript
    let source: any FrameSource
    let origin: UInt64
    /// The next unit.
    var unit: UInt64 = 0
    var sent: UInt64 = 0
    var skipped: UInt64 = 0
    /// Faults that were performed by hand, from the unit at which they came.
    var performed: [Fault] = []
  }

  private struct Prepared {
    let unit: UInt64
    let bytes: [UInt8]?
  }

  var transfers: VideoTransfers
  private let profile: CameraProfile
  private let plan: CameraPlan
  private let seed: UInt64
  private let time: DeviceTime
  private let log: WebcamLog
  private var openings = 0
  private var session: Session?
  private var prepared: Prepared?
  private var toggle = false
  private var isFrozen = false
  private var isShuttered = false
  /// By the script, for as long as it says.
  private var isScriptShuttered = false
  private var photo: StillSize?
  private var waiting: [Fault] = []

  init(
    _ profile: CameraProfile, plan: CameraPlan, model: WebcamModel, seed: UInt64, time: DeviceTime, log: WebcamLog
  ) {
    self.profile = profile
    self.plan = plan
    self.seed = seed
    self.time = time
    self.log = log
    transfers = VideoTransfers(model.transfer)
  }

  /// The host committed to a mode and streams.
  func start(_ choice: StreamChoice, at now: UInt64) {
    stop()
    openings += 1
    let mode = CameraMode(format: choice.pixels, width: choice.width, height: choice.height, rates: [choice.rate])
    let origin = time.join(at: now)
    let first = now + profile.start
    let random = SeededRandom(seed: seed, stream: UInt64(openings) << 8 | 1)
    do throws(CaptureError) {
      session = Session(
        choice: choice, opening: openings,
        pace: Pace(first: first, nominalPeriod: 1e9 / choice.rate, quality: profile.clock, random: random),
        script: FaultScript(profile.faults, opening: openings, seed: seed),
        source: try plan.open(mode: mode, at: max(first, origin) - origin), origin: origin, performed: waiting)
      waiting = []
      transfers.payload = choice.payload
      log.add(.videoStarted(choice.text, opening: openings))
    } catch {
      time.leave()
      log.add(.failed(error.description))
    }
  }

  /// The host streams no more, or the device was configured anew.
  func stop() {
    transfers.reset()
    prepared = nil
    photo = nil
    guard let session else { return }
    self.session = nil
    time.leave()
    log.add(.videoStopped(frames: session.sent, skipped: session.skipped))
  }

  /// A reset or SET_CONFIGURATION: what was frozen runs again.
  func thaw() { isFrozen = false }

  /// Without power: nothing is frozen any more, and no transfer waits.
  func unplug() {
    stop()
    thaw()
    transfers.clear()
  }

  /// The shutter was moved by hand, or a script did it.
  func setShutter(closed: Bool) { isShuttered = closed }

  /// The next frame's number.
  var unit: UInt64 { session?.unit ?? 0 }

  /// A photo of another size goes out before the next frame.
  func take(_ size: StillSize) { photo = size }

  /// A fault begins now, with the next frame.
  func perform(_ fault: Fault) {
    guard fault.kind != .freeze else {
      isFrozen = true
      log.add(.fault(.freeze, unit: session?.unit ?? 0))
      return
    }
    var fault = fault
    if case .time = fault.trigger, let session {
      let rate = session.choice.rate
      fault.count = UInt64(max(Double(min(fault.length, 1 << 50)) / 1e9 * rate, 1))
    }
    fault.trigger = .unit(session?.unit ?? 0)
    if session != nil { session?.performed.append(fault) } else { waiting.append(fault) }
  }

  /// When ``serve(at:)`` has something to do, nil while nothing streams.
  var nextDue: UInt64? {
    let frame = isFrozen ? nil : session.map { $0.pace.due($0.unit) }
    return [frame, transfers.nextDue].compactMap { $0 }.min()
  }

  /// Makes the frame that is due.
  func serve(at now: UInt64) -> Outcome {
    var outcome = Outcome()
    guard let session, !isFrozen, session.pace.due(session.unit) <= now else { return outcome }
    // What came due meanwhile is gone: a camera has no memory for frames that nobody takes.
    let newest = max(session.pace.made(by: now), 1) - 1
    if newest > session.unit {
      self.session?.skipped += newest - session.unit
      self.session?.unit = newest
    }
    let unit = newest
    let fate = fate(of: unit)
    report(unit, session)
    if fate.isShuttered != isScriptShuttered {
      isScriptShuttered = fate.isShuttered
      outcome.shutterClosed = fate.isShuttered
      isShuttered = fate.isShuttered
    }
    outcome.controlStall = fate.controlStall
    outcome.stop = fate.stop
    if fate.stop?.kind == .freeze {
      isFrozen = true
      transfers.reset()
    }
    if fate.stop == nil { send(unit, fate) }
    self.session?.unit = unit + 1
    self.session?.performed.removeAll { fault in
      if case .unit(let first) = fault.trigger { unit >= first && unit - first >= fault.count } else { false }
    }
    return outcome
  }

  /// Paints the next frame ahead of its time, so that it goes out on time.
  func prepare() {
    guard let session, !isFrozen, prepared?.unit != session.unit else { return }
    let fate = fate(of: session.unit)
    prepared = Prepared(unit: session.unit, bytes: fate.isSkipped ? nil : picture(session.unit, fate))
  }

  /// Whether ``prepare()`` has something to do.
  var wantsPreparing: Bool { session.map { !isFrozen && prepared?.unit != $0.unit } ?? false }

  private func send(_ unit: UInt64, _ fate: FrameFate) {
    guard !fate.isSkipped else { return }
    guard !transfers.isBusy else {
      session?.skipped += 1
      return
    }
    if let size = photo, let bytes = still(size, unit, fate) {
      photo = nil
      toggle.toggle()
      transfers.send(PayloadCutter(bytes, toggle: toggle, isStill: true), failing: false)
      return
    }
    let bytes = prepared?.unit == unit ? prepared?.bytes : picture(unit, fate)
    guard let bytes else { return }
    // Of a bulk frame that fails nothing arrives: another toggle would cost the driver the frame after it as well.
    if !(fate.fails && transfers.isBulk) { toggle.toggle() }
    session?.sent += 1
    let damaged = fate.damage.reduce(bytes) { FrameDamage.apply($1, to: $0) }
    transfers.send(PayloadCutter(damaged, toggle: toggle, isError: fate.isError), failing: fate.fails)
  }

  private func picture(_ unit: UInt64, _ fate: FrameFate) -> [UInt8]? {
    guard let session else { return nil }
    do throws(CaptureError) {
      return try session.source.frame(unit) { number in mark(number, fate, session) }
    } catch {
      log.add(.failed(error.description))
      return nil
    }
  }

  private func still(_ size: StillSize, _ unit: UInt64, _ fate: FrameFate) -> [UInt8]? {
    guard let session else { return nil }
    let mode = CameraMode(
      format: session.choice.pixels, width: size.width, height: size.height, rates: [session.choice.rate])
    do throws(CaptureError) {
      return try plan.open(mode: mode, at: 0).frame(unit) { number in mark(number, fate, session) }
    } catch {
      log.add(.failed(error.description))
      photo = nil
      return nil
    }
  }

  private func mark(_ number: UInt64, _ fate: FrameFate, _ session: Session) -> FrameMark {
    let elapsed = Int64(max(session.pace.due(number), session.origin) - session.origin) + fate.clockOffset
    return FrameMark(
      number: UInt32(truncatingIfNeeded: number), milliseconds: UInt32(truncatingIfNeeded: max(elapsed, 0) / 1_000_000),
      isShut: fate.isShuttered || isShuttered)
  }

  private func faults(of unit: UInt64, _ session: Session) -> [Fault] {
    let due = session.pace.due(unit)
    let first = session.pace.first
    let written = session.script.actions(of: unit, at: max(due, first) - first)
    return written
      + session.performed.filter { fault in
        if case .unit(let first) = fault.trigger { unit >= first && unit - first < fault.count } else { false }
      }
  }

  private func fate(of unit: UInt64) -> FrameFate {
    guard let session else { return FrameFate([], unit: unit) }
    return FrameFate(faults(of: unit, session), unit: unit)
  }

  /// Into the log: what lasts is told where it begins, what spoils single frames for each of them.
  private func report(_ unit: UInt64, _ session: Session) {
    let before = unit > 0 ? faults(of: unit - 1, session) : []
    for fault in faults(of: unit, session) where !fault.kind.lasts || !before.contains(where: { $0.kind == fault.kind }) {
      log.add(.fault(fault.kind, unit: unit))
    }
  }
}
