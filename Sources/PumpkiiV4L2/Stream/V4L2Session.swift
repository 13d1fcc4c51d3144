internal import Glibc
internal import PumpkiiCapture
internal import Synchronization

/// What a session works with.
struct SessionParts: Sendable {
  let identity: SensorIdentity
  let wish: CameraWish
  let kernel: any DeviceKernel
  let directory: any DeviceDirectory
  let resetter: any DeviceResetter
  let observer: SensorObserver
}

/// An open camera: one poll, one DQBUF, one copy, one QBUF a frame, and the ladder for when no frame comes.
///
/// `@unchecked Sendable`: everything but ``interrupt()`` and ``counters`` is called from one thread.
final class V4L2Session: CameraSession, @unchecked Sendable {
  /// What the session is at.
  enum Phase {
    case streaming
    /// A rung is tried at an instant.
    case recovering(RecoveryLadder.Step, at: UInt64, reason: String)
    /// A rung was taken that makes the device anew; it must be there before an instant.
    case reappearing(before: UInt64, lookAt: UInt64)
    /// The HDMI source is away; it is asked for again at an instant.
    case noSignal(askAt: UInt64)
    case dead(CaptureError)
  }

  let parts: SessionParts
  var phase = Phase.streaming
  var handle: V4L2Handle?
  var device: V4L2Device?
  var type = BufferType.capture
  var stream: CameraStream?
  var offers: [FormatOffer] = []
  /// What is asked for at each start, the best first.
  var choices: [FormatChoice] = []
  var ladder = RecoveryLadder(isUSB: false)
  private(set) var format = VideoFormat(pixels: .mjpeg, width: 0, height: 0, rate: VideoFormat.Ratio(30))

  /// When a good frame was last collected, or the stream was started.
  var heardAt: UInt64 = 0
  /// The stream has given a good frame.
  var hasFrames = false
  /// Timestamp of the last good frame of the session, 0 before the first.
  var lastTime: UInt64 = 0
  /// Reason for the frames that are missing until the next one; nil where their numbers tell.
  var absence: CaptureLoss?
  /// When ``next(timeout:)`` last returned and was last called.
  var leftAt: UInt64 = 0
  var enteredAt: UInt64 = 0
  /// Calls of DQBUF without a result since the last one with.
  var misses = 0
  var lent: LentFrame?
  var shutterIsClosed: Bool?
  var notes: Set<String> = []
  /// Device, waker; built once.
  var entries = [PollEntry(-1, Int16(POLLIN | POLLPRI)), PollEntry(-1, Int16(POLLIN))]
  let ledger = Mutex(FrameLedger())
  /// The waker's descriptor, −1 once closed.
  private let waker: Mutex<Int32>

  var kernel: any DeviceKernel { parts.kernel }

  init(_ parts: SessionParts) throws(CaptureError) {
    self.parts = parts
    let waker = parts.kernel.makeWaker()
    self.waker = Mutex(waker)
    if waker < 0 { throw CallFailure.error("eventfd", errno: -waker, path: parts.identity.name, holder: nil) }
    entries[1].descriptor = waker
  }

  var counters: CaptureCounters { ledger.withLock { $0.counters } }

  func interrupt() {
    waker.withLock { waker in
      if waker >= 0 { kernel.wake(waker) }
    }
  }

  func next(timeout: Duration) throws(CaptureError) -> CapturedFrame? {
    enteredAt = kernel.now()
    let deadline = Self.instant(enteredAt, after: timeout)
    returnLent()
    let frame = try wait(until: deadline)
    leftAt = kernel.now()
    return frame
  }

  /// Goes on until there is a frame, the deadline or an interruption.
  private func wait(until deadline: UInt64) throws(CaptureError) -> CapturedFrame? {
    while true {
      switch phase {
      case .streaming:
        switch try look(until: deadline) {
        case .frame(let frame): return frame
        case .over: return nil
        case .again: continue
        }
      case .dead(let error): throw error
      default:
        guard try attend(until: deadline) else { return nil }
      }
    }
  }

  /// Waits without the camera.
  /// - Returns: false after an interruption, or where the deadline comes first.
  func rest(until instant: UInt64, deadline: UInt64) -> Bool {
    entries[0].descriptor = -1
    defer { entries[0].descriptor = handle?.descriptor ?? -1 }
    while true {
      let now = kernel.now()
      if now >= instant { return true }
      if now >= deadline { return false }
      let result = kernel.poll(&entries, timeout: Self.milliseconds(min(instant, deadline) - now))
      if result > 0, entries[1].happened != 0 {
        kernel.rest(entries[1].descriptor)
        return false
      }
    }
  }

  func close() -> UInt64 {
    if entries[1].descriptor >= 0 {
      returnLent()
      collectRest()
      teardown()
      closeWaker()
      phase = .dead(CaptureError(.gone, "\(parts.identity.name) is closed", advice: "Open it again."))
    }
    return ledger.withLock { $0.made }
  }

  func closeWaker() {
    waker.withLock { waker in
      if waker >= 0 { kernel.close(waker) }
      waker = -1
    }
    entries[1].descriptor = -1
  }

  /// Gives everything back, in whatever state the device is.
  func teardown() {
    stopStream()
    handle?.close()
    handle = nil
    entries[0].descriptor = -1
  }

  func stopStream() {
    lent = nil
    stream?.stop()
    stream = nil
  }

  /// A stream runs.
  func began(_ stream: CameraStream) {
    self.stream = stream
    heardAt = stream.startedAt
    hasFrames = false
    misses = 0
    ledger.withLock { $0.restart() }
    let isOther = format != stream.layout.format && format.width > 0
    format = stream.layout.format
    if isOther { parts.observer(.formatChanged) }
  }

  /// Says something once.
  func note(_ text: String) {
    if notes.insert(text).inserted { parts.observer(.note(text)) }
  }

  static func instant(_ now: UInt64, after duration: Duration) -> UInt64 {
    let (seconds, attoseconds) = duration.components
    guard seconds >= 0, attoseconds >= 0 else { return now }
    guard seconds < 1_000_000_000 else { return .max }
    return now &+ UInt64(seconds) &* 1_000_000_000 &+ UInt64(attoseconds / 1_000_000_000)
  }

  /// Rounded up: a poll that ends a little early would be called again and again.
  static func milliseconds(_ nanoseconds: UInt64) -> Int32 {
    Int32(clamping: nanoseconds / 1_000_000 + (nanoseconds.isMultiple(of: 1_000_000) ? 0 : 1))
  }
}
