internal import CPumpkiiV4L2
internal import Glibc
internal import PumpkiiCapture
internal import Synchronization

extension V4L2Session {
  /// No frames: the next step of the ladder follows, or nothing does.
  func stumble(_ reason: String, lowest: RecoveryLadder.Rung = .restart) {
    let now = kernel.now()
    if absence == nil, hasFrames { absence = .recovery }
    guard let step = ladder.failed(at: now, lowest: lowest) else {
      _ = die(
        CaptureError(
          .frozen, "\(parts.identity.name) gives no frames (\(reason)), and nothing helped",
          advice: "Unplug the camera and plug it in again, or try another port or cable."))
      return
    }
    phase = .recovering(step, at: now &+ step.pause, reason: reason)
  }

  /// The end: the descriptor is closed at once, as it holds the node's name.
  func die(_ error: CaptureError) -> CaptureError {
    teardown()
    phase = .dead(error)
    return error
  }

  /// Goes on with a recovery or an absence.
  /// - Returns: false at the deadline or after an interruption; the next call goes on where this one was.
  func attend(until deadline: UInt64) throws(CaptureError) -> Bool {
    switch phase {
    case .recovering(let step, let instant, let reason):
      guard rest(until: instant, deadline: deadline) else { return false }
      try climb(step, reason)
    case .reappearing(let before, let lookAt):
      guard rest(until: lookAt, deadline: deadline) else { return false }
      try look(again: before)
    case .noSignal(let askAt):
      guard rest(until: askAt, deadline: deadline) else { return false }
      try askForSignal()
    case .streaming, .dead: break
    }
    return true
  }

  /// One rung.
  private func climb(_ step: RecoveryLadder.Step, _ reason: String) throws(CaptureError) {
    ledger.withLock { $0.recover(step.rung.rawValue) }
    parts.observer(.recovering(rung: step.rung.rawValue, reason: reason))
    switch step.rung {
    case .restart:
      stopStream()
      try attempt { () throws(StartFailure) in try startStream() }
    case .reopen:
      teardown()
      try attempt { () throws(StartFailure) in try connect() }
    case .reset, .reauthorize:
      // Every open descriptor of the camera dies by it: an unplugging of our own.
      teardown()
      try remake(step.rung)
    }
  }

  private func remake(_ rung: RecoveryLadder.Rung) throws(CaptureError) {
    guard let usb = device?.usb else { return stumble("it is no USB device", lowest: rung) }
    do throws(CaptureError) {
      if rung == .reset { try parts.resetter.reset(usb) } else { try parts.resetter.reauthorize(usb) }
    } catch {
      if error.code == .gone { throw die(error) }
      note("\(rung.rawValue): \(error.reason)")
      return stumble(error.reason)
    }
    let now = kernel.now()
    phase = .reappearing(before: now &+ 8_000_000_000, lookAt: now &+ 200_000_000)
  }

  /// After a reset the node is made anew: it appears, and only then gets its group and rights.
  private func look(again before: UInt64) throws(CaptureError) {
    let later = Phase.reappearing(before: before, lookAt: kernel.now() &+ 200_000_000)
    do throws(StartFailure) {
      try connect()
    } catch {
      let words = error.words(path: device?.path ?? parts.identity.name, directory: parts.directory)
      let mayStillCome = words.code == .gone || words.code == .noPermission || words.code == .busy
      if mayStillCome, kernel.now() < before {
        teardown()
        return phase = later
      }
      try failed(error)
    }
  }

  /// Starts anew; a failure goes one step up, or ends it.
  private func attempt(_ body: () throws(StartFailure) -> Void) throws(CaptureError) {
    do throws(StartFailure) { try body() } catch { try failed(error) }
  }

  private func failed(_ error: StartFailure) throws(CaptureError) {
    let words = error.words(path: device?.path ?? parts.identity.name, directory: parts.directory)
    if error.isGone { throw die(words) }
    switch words.code {
    case .busy, .noPermission, .stranger, .notCapture, .noSignal: throw die(words)
    default: stumble(words.reason, lowest: error.isSilence ? .reset : .restart)
    }
    if case .dead(let error) = phase { throw error }
  }

  /// Control and source events that wait.
  /// - Returns: true where the stream is another one, or none.
  func attendEvents() throws(CaptureError) -> Bool {
    guard hearEvents() else { return false }
    try askForSignal()
    return true
  }

  /// - Returns: true where the source is another one.
  func hearEvents() -> Bool {
    guard let handle else { return false }
    var isOtherSource = false
    for _ in 0..<64 {
      guard let event = handle.dequeueEvent() else { break }
      switch event {
      case .control(let id, let value): controlChanged(id, value)
      case .sourceChange: isOtherSource = true
      case .endOfStream, .other: break
      }
    }
    return isOtherSource
  }

  /// The stream after a still.
  func restartAfterStill() throws(CaptureError) {
    try attempt { () throws(StartFailure) in try startStream() }
  }

  private func controlChanged(_ id: UInt32, _ value: Int32) {
    guard id == UInt32(V4L2_CID_PRIVACY), shutterIsClosed != (value != 0) else { return }
    shutterIsClosed = value != 0
    // Frames may go on, black or not: this says what the switch does, no more.
    parts.observer(.shutter(isClosed: value != 0))
  }

  private func askForSignal() throws(CaptureError) {
    guard let handle else { return }
    let wasAbsent = if case .noSignal = phase { true } else { false }
    do throws(CallError) {
      if case .absent = try handle.takeTimings() {
        if !wasAbsent {
          collectRest()
          stopStream()
          parts.observer(.signal(isPresent: false))
        }
        return phase = .noSignal(askAt: kernel.now() &+ 500_000_000)
      }
    } catch {
      if error.isGone {
        throw die(CallFailure.error(error.call, errno: error.errno, path: parts.identity.name, holder: nil))
      }
      return stumble("\(error.call) failed with errno \(error.errno)")
    }
    // Without a signal nothing was made; a change of format alone costs frames.
    if wasAbsent { absence = nil } else if hasFrames { absence = .recovery }
    collectRest()
    stopStream()
    phase = .streaming
    try attempt { () throws(StartFailure) in try startStream() }
    if wasAbsent { parts.observer(.signal(isPresent: true)) }
  }
}
