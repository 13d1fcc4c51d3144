internal import PumpkiiCapture

/// An open ``FakeMicrophone``.
///
/// `@unchecked Sendable`: the capture protocol has everything but ``interrupt()`` and ``counters`` called from one
/// thread.
final class FakeMicrophoneSession: MicrophoneSession, @unchecked Sendable {
  private static let frozenAfter: UInt64 = 2_000_000_000
  let format: AudioFormat
  private let microphone: FakeMicrophone
  private let stream: UnitStream
  private let source: any SoundSource
  /// Sample frames of a period.
  private let period: UInt64
  /// Content starts here, so that a sound that was recorded with a film stays with it.
  private let first: UInt64
  private var closedWith: UInt64?

  init(_ microphone: FakeMicrophone, opening: Int, at now: UInt64) throws(CaptureError) {
    let profile = microphone.profile
    let device = microphone.slot.device
    self.microphone = microphone
    format = microphone.plan.format
    let rate = Double(format.sampleRate)
    period = UInt64(max((Double(profile.period) * rate / 1e9).rounded(), 1))
    let length = Double(period) / rate * 1e9
    // A period is there when its last sample is.
    let pace = Pace(
      first: now + UInt64(length / (1 + profile.clock.driftPPM * 1e-6)), nominalPeriod: length, quality: profile.clock,
      random: SeededRandom(seed: device.seed, stream: UInt64(opening) << 8 | 2))
    let stream = try UnitStream(
      UnitStream.Parts(
        name: profile.name, queue: UnitQueue(pace: pace, capacity: Int(profile.buffer / profile.period)),
        device: device, script: FaultScript(profile.faults, opening: opening, seed: device.seed),
        frozenAfter: Self.frozenAfter, weight: period, overwritten: .overrun, opened: now))
    self.stream = stream
    // The other sensor may have read the clock later and joined first; then this one begins at the origin.
    first = UInt64((Double(max(now, stream.origin) - stream.origin) * rate / 1e9).rounded())
    do throws(CaptureError) {
      source = try microphone.plan.open(seed: device.seed)
    } catch {
      _ = stream.close()
      throw error
    }
  }

  var counters: CaptureCounters { stream.counters }

  func next(timeout: Duration) throws(CaptureError) -> CapturedAudio? {
    let unit = try stream.next(until: stream.deadline(timeout), prepare: { _ in }, notice: { _ in })
    guard let unit else { return nil }
    let (pace, number) = (stream.queue.pace, unit.number)
    // Without jitter: the sound itself does not jump, only the news of it does.
    let start = Double(pace.first) - Double(stream.origin) + (Double(number) - 1) * pace.period
    let samples = try source.samples(
      at: first + number * period, count: Int(period), start: start, step: pace.period / Double(period))
    stream.delivered()
    return CapturedAudio(
      position: number * period,
      timestamp: ClockJump.apply(unit.faults, to: pace.due(number) - UInt64(pace.period)), samples: samples)
  }

  func interrupt() { stream.interrupt() }

  func close() -> UInt64 {
    if let closedWith { return closedWith }
    let made = (stream.close() ?? 0) * period
    closedWith = made
    microphone.slot.closed()
    return made
  }
}
