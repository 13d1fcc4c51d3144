package import PumpkiiCapture

/// The loop around an open PCM: waits, has a period read, keeps position and time, and mends what can be mended.
/// Confined to one thread, but for ``counters``.
package final class PCMEngine {
  /// A period that was read.
  package struct Period: Sendable, Equatable {
    /// Sample frames.
    package var frames: Int
    /// Of its first frame since the device was opened; jumps over what was lost.
    package var position: UInt64
    /// CLOCK_MONOTONIC in ns of its first frame.
    package var timestamp: UInt64
    /// True where sound was lost right before it.
    package var followsLoss: Bool
  }

  /// ns without a frame after which a running card counts as standing still.
  static let patience: UInt64 = 2_000_000_000
  /// The same right after a start: some microphones take a second or two.
  static let firstPatience: UInt64 = 5_000_000_000
  /// Starts in a row that brought no sound.
  static let mostStalls = 2
  /// Looks at a sleeping card, 20 ms each.
  static let mostResumes = 100
  /// ns between two words about the drift.
  static let driftPause: UInt64 = 60_000_000_000

  /// Of the PCM.
  package let port: any PCMPort
  let pcm: String
  private let waker: Int32
  let observer: SensorObserver
  let shared: CounterBox
  var budget = RecoveryBudget()
  var clock: SampleClock
  private var drift: DriftMeter
  private var driftTold: UInt64 = 0
  private var silence: SilenceWatch
  var lastSound: UInt64
  var isFirst = true
  var stalls = 0
  /// Why sound was lost since the last period.
  var loss: CaptureLoss?
  var isGone = false

  /// Starts `port`, which is prepared.
  /// - Throws: ``CaptureError``.
  package init(
    _ port: any PCMPort, pcm: String, waker: Int32, counters: CounterBox,
    silence: SilenceWatch = SilenceWatch(), observer: @escaping SensorObserver
  ) throws(CaptureError) {
    self.port = port
    self.pcm = pcm
    self.waker = waker
    self.observer = observer
    self.silence = silence
    shared = counters
    clock = SampleClock(shape: port.shape)
    drift = DriftMeter(rate: port.shape.rate)
    lastSound = port.now()
    let result = port.start()
    guard result >= 0 else {
      let trouble = PCMTrouble(error: result, state: port.state)
      throw trouble == .gone ? PCMFailure.unplugged(pcm) : PCMFailure.failed(pcm, "snd_pcm_start", result)
    }
    clock.latency = nil
  }

  /// Waits for a period and has `collect` read it: with the port, at most as many frames; it gives readi's result.
  /// - Returns: nil at the time-out or when it was woken.
  /// - Throws: ``CaptureError``; after `gone` only ``close()`` may follow.
  package func next(
    timeout: Duration, collect: (_ port: any PCMPort, _ frames: Int) -> Int
  ) throws(CaptureError) -> Period? {
    guard !isGone else { throw PCMFailure.unplugged(pcm) }
    let deadline = port.now() &+ Self.nanoseconds(timeout)
    while true {
      let now = port.now()
      let limit = min(deadline, lastSound &+ (isFirst ? Self.firstPatience : Self.patience))
      let left = limit > now ? (limit - now + 999_999) / 1_000_000 : 0
      let ready = port.wait(milliseconds: Int32(clamping: left), waker: waker)
      if ready.isWoken { return nil }
      if let period = try attend(ready, collect) { return period }
      if port.now() >= deadline { return nil }
    }
  }

  /// Stops and releases the device.
  /// - Returns: sample frames it made since it was opened.
  package func close() -> UInt64 {
    let waiting = !isGone && port.state == .running ? max(0, port.position().available) : 0
    port.close()
    return clock.position + UInt64(waiting)
  }

  private func attend(
    _ ready: PCMReadiness, _ collect: (any PCMPort, Int) -> Int
  ) throws(CaptureError) -> Period? {
    if ready.error < 0 {
      try mend(PCMTrouble(error: ready.error, state: port.state), error: ready.error)
      return nil
    }
    guard ready.hasSound || ready.hasTrouble else {
      try watch()
      return nil
    }
    let position = port.position()
    let count = collect(port, port.shape.period)
    if count > 0 { return deliver(count, position) }
    let error = Int32(clamping: count)
    let trouble = PCMTrouble(error: error, state: port.state)
    if trouble == .again {
      // Without a pause a descriptor that is always ready would take all of a CPU.
      port.pause(milliseconds: ready.hasTrouble ? 20 : 1)
      try watch()
    } else {
      try mend(trouble, error: error)
    }
    return nil
  }

  private func deliver(_ count: Int, _ position: PCMPosition) -> Period {
    let now = port.now()
    if clock.latency == nil { clock.latency = port.latency() }
    let time = clock.time(of: position, count: count, now: now)
    let lost = loss.map { _ in clock.lost(until: time) } ?? 0
    let period = Period(
      frames: count, position: clock.position + lost, timestamp: time, followsLoss: loss != nil)
    shared.update { counters in
      if let loss { counters.lose(loss, lost) }
      counters.delivered += UInt64(count)
    }
    if loss != nil {
      drift.restart()
      observer(.recovered)
    }
    loss = nil
    isFirst = false
    stalls = 0
    lastSound = now
    clock.delivered(count, at: time, lost: lost)
    drift.add(position: period.position, time: time)
    tellDrift(now)
    return period
  }

  /// Hears whether a period was nothing but zeros.
  package func heard(isZero: Bool, frames: Int) {
    if let isSilent = silence.hear(isZero: isZero, duration: port.shape.duration(frames)) {
      observer(.silent(isSilent))
    }
  }

  private func tellDrift(_ now: UInt64) {
    guard driftTold == 0 || now &- driftTold >= Self.driftPause else { return }
    guard let ppm = drift.ppm else { return }
    driftTold = now
    observer(.drift(ppm: ppm))
  }

  private static func nanoseconds(_ duration: Duration) -> UInt64 {
    let (seconds, attoseconds) = duration.components
    guard seconds >= 0, attoseconds >= 0 else { return 0 }
    // A year is for ever here.
    return UInt64(min(seconds, 31_536_000)) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000)
  }
}
