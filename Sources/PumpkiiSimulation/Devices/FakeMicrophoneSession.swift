internal import PumpkiiCapture

/// An open ``FakeMicrophone``.
///
/// `@unchecked Sendable`: the capture protocol has everything but ``interrupt()`` called from one thread.
final class FakeMicrophoneSession: MicrophoneSession, @unchecked Sendable {
  let format: AudioFormat
  private let microphone: FakeMicrophone
  private let stream: UnitStream
  private let source: any SoundSource
  /// Sample frames of a period.
  private let period: UInt64
  private let origin: UInt64
  /// Content starts here, so that a sound that was recorded with a film stays with it.
  private let first: UInt64
  private var closedWith: UInt64?

  init(_ microphone: FakeMicrophone, opening: Int, at now: UInt64) throws(CaptureError) {
    let profile = microphone.profile
    let device = microphone.device
    self.microphone = microphone
    format = microphone.plan.format
    let rate = Double(format.sampleRate)
    period = UInt64(max((Double(profile.period) * rate / 1e9).rounded(), 1))
    let length = Double(period) / rate * 1e9
    let random = SeededRandom(seed: device.seed, stream: UInt64(opening) << 8 | 2)
    // A period is there when its last sample is.
    let pace = Pace(
      first: now + UInt64(length / (1 + profile.clock.driftPPM * 1e-6)), nominalPeriod: length, quality: profile.clock,
      random: random)
    let queue = UnitQueue(pace: pace, capacity: Int(profile.buffer / profile.period))
    stream = UnitStream(
      name: profile.name, queue: queue, clock: device.clock, plug: device.plug,
      script: FaultScript(profile.faults, opening: opening, seed: device.seed), frozenAfter: 2_000_000_000)
    try stream.begin(at: now)
    origin = device.time.join(at: now)
    // The other sensor may have read the clock later and joined first; then this one begins at the origin.
    first = UInt64((Double(max(now, origin) - origin) * rate / 1e9).rounded())
    do throws(CaptureError) {
      source = try microphone.plan.open(seed: device.seed)
    } catch {
      _ = stream.close()
      device.time.leave()
      throw error
    }
  }

  func next(timeout: Duration) throws(CaptureError) -> CapturedAudio? {
    guard let unit = try stream.next(until: stream.deadline(timeout), prepare: { _ in }) else { return nil }
    let pace = stream.queue.pace
    // Without jitter: the sound itself does not jump, only the news of it does.
    let start = Double(pace.first) - Double(origin) + (Double(unit) - 1) * pace.period
    let samples = try source.samples(
      at: first + unit * period, count: Int(period), start: start, step: pace.period / Double(period))
    return CapturedAudio(
      position: unit * period, timestamp: pace.due(unit) - UInt64(pace.period), samples: samples)
  }

  /// Filled in by the stream.
  var counters: CaptureCounters { CaptureCounters() }

  func interrupt() { stream.interrupt() }

  func close() -> UInt64 {
    if let closedWith { return closedWith }
    let made = (stream.close() ?? 0) * period
    closedWith = made
    microphone.closed(at: microphone.device.clock.now())
    return made
  }
}
