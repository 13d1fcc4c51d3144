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

  var transfers: VideoTransfers
  private let profile: CameraProfile
  private let plan: CameraPlan
  private let seed: UInt64
  private let time: DeviceTime
  private let log: WebcamLog
  private var openings = 0
  private var session: VideoSession?
  private var prepared: (unit: UInt64, bytes: [UInt8]?)?
  private var toggle = false
  private var isFrozen = false
  private var isShuttered = false
  /// By the script, for as long as it says.
  private var isScriptShuttered = false
  /// The stream that ended while its script held the shutter closed.
  private var unwatched: VideoSession?
  private var photo: StillSize?
  /// Performed while nothing streamed.
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
    unwatched = nil
    openings += 1
    let mode = CameraMode(format: choice.pixels, width: choice.width, height: choice.height, rates: [choice.rate])
    let origin = time.join(at: now)
    let first = now + profile.start
    let random = SeededRandom(seed: seed, stream: UInt64(openings) << 8 | 1)
    let pace = Pace(first: first, nominalPeriod: 1e9 / choice.rate, quality: profile.clock, random: random)
    let script = FaultScript(profile.faults, opening: openings, seed: seed)
    do throws(CaptureError) {
      session = VideoSession(
        choice, pace: pace, source: try plan.open(mode: mode, at: max(first, origin) - origin), origin: origin,
        faults: UnitFaults(script, waiting: waiting, unitLength: UInt64(pace.period)))
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
    if isScriptShuttered { unwatched = session }
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

  /// A photo of another size goes out before the next frame.
  func take(_ size: StillSize) { photo = size }

  /// The next frame's number.
  var unit: UInt64 { session?.unit ?? 0 }

  /// A fault begins now, with the next frame.
  func perform(_ fault: Fault) {
    if fault.kind == .freeze {
      isFrozen = true
      log.add(.fault(.freeze, unit: unit))
    } else if let session {
      self.session?.faults.perform(fault, from: session.unit, unitLength: UInt64(session.pace.period))
      prepared = nil
    } else {
      waiting.append(fault)
    }
  }

  /// When ``serve(at:)`` has something to do, nil while nothing streams.
  var nextDue: UInt64? {
    // While a frame is on its way, the host's next transfer wakes us.
    let frame = isFrozen || transfers.isBusy ? nil : session.map { $0.pace.due($0.unit) }
    return [frame, unwatched.map { $0.pace.due($0.unit) }, transfers.nextDue].compactMap { $0 }.min()
  }

  /// Makes the frame that is due.
  func serve(at now: UInt64) -> Outcome {
    var outcome = Outcome()
    if unwatched != nil { outcome.shutterClosed = moveUnwatched(at: now) }
    guard let session, !isFrozen, session.pace.due(session.unit) <= now else { return outcome }
    // What came due meanwhile is gone: a camera has no memory for frames that nobody takes.
    let unit = max(session.pace.made(by: now), session.unit + 1) - 1
    let faults = session.faults(from: session.unit, through: unit)
    let fate = FrameFate(faults, unit: unit)
    guard !transfers.isBusy || fate.stop != nil else { return outcome }
    self.session?.skipped += unit - session.unit
    session.report(faults, unit, to: log)
    if fate.isShuttered != isScriptShuttered {
      isScriptShuttered = fate.isShuttered
      isShuttered = fate.isShuttered
      outcome.shutterClosed = isShuttered
    }
    outcome.controlStall = fate.controlStall
    outcome.stop = fate.stop
    if fate.stop?.kind == .freeze {
      isFrozen = true
      transfers.reset()
    }
    if fate.stop == nil { send(unit, fate) }
    self.session?.unit = unit + 1
    self.session?.faults.forget(before: unit)
    return outcome
  }

  /// Paints the next frame ahead of its time, so that it goes out on time; not while a frame is on its way, which would
  /// have to wait.
  /// - Returns: whether there was something to do.
  func prepare(at now: UInt64) -> Bool {
    guard let session, !isFrozen, !transfers.isBusy, prepared?.unit != session.unit,
      session.pace.due(session.unit) > now
    else { return false }
    let fate = session.fate(of: session.unit)
    prepared = (session.unit, fate.isSkipped ? nil : picture(session.source, session.unit, fate))
    return true
  }
}

// MARK: - Frames

extension VideoStream {
  /// The script's shutter opens at its instant while nobody streams, too.
  private func moveUnwatched(at now: UInt64) -> Bool? {
    guard let session = unwatched, session.pace.due(session.unit) <= now else { return nil }
    let unit = max(session.pace.made(by: now), session.unit + 1) - 1
    unwatched?.unit = unit + 1
    guard !session.fate(of: unit).isShuttered else { return nil }
    unwatched = nil
    isScriptShuttered = false
    isShuttered = false
    return false
  }

  private func send(_ unit: UInt64, _ fate: FrameFate) {
    guard !fate.isSkipped, let session else { return }
    if let size = photo {
      photo = nil
      if let bytes = still(size, unit, fate) {
        toggle.toggle()
        transfers.send(PayloadCutter(bytes, toggle: toggle, isStill: true), failing: false)
        return
      }
    }
    let isPrepared = prepared?.unit == unit
    guard let bytes = isPrepared ? prepared?.bytes : picture(session.source, unit, fate) else { return }
    // Of a bulk frame that fails nothing arrives: another toggle would cost the driver the frame after it as well.
    if !(fate.fails && transfers.isBulk) { toggle.toggle() }
    self.session?.sent += 1
    let damaged = fate.damage.reduce(bytes) { FrameDamage.apply($1, to: $0) }
    transfers.send(PayloadCutter(damaged, toggle: toggle, isError: fate.isError), failing: fate.fails)
  }

  private func still(_ size: StillSize, _ unit: UInt64, _ fate: FrameFate) -> [UInt8]? {
    guard let choice = session?.choice else { return nil }
    let mode = CameraMode(format: choice.pixels, width: size.width, height: size.height, rates: [choice.rate])
    do throws(CaptureError) { return picture(try plan.open(mode: mode, at: 0), unit, fate) } catch {
      log.add(.failed(error.description))
      return nil
    }
  }

  private func picture(_ source: any FrameSource, _ unit: UInt64, _ fate: FrameFate) -> [UInt8]? {
    guard let session else { return nil }
    let isShut = fate.isShuttered || isShuttered
    do throws(CaptureError) {
      return try source.frame(unit) { number in session.mark(number, fate, isShut: isShut) }
    } catch {
      log.add(.failed(error.description))
      return nil
    }
  }
}
