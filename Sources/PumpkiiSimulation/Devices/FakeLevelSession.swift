internal import PumpkiiCapture

/// An open ``FakeMicrophone`` of which nothing but the level is handed out.
///
/// `@unchecked Sendable`: the capture protocol has everything but ``interrupt()`` and ``counters`` called from one
/// thread.
final class FakeLevelSession: LevelSession, @unchecked Sendable {
  private let session: any MicrophoneSession
  private var meter: LevelMeter
  private var ready: [SoundLevel] = []

  init(_ session: any MicrophoneSession) {
    self.session = session
    meter = LevelMeter(rate: session.format.sampleRate, channels: session.format.channels)
  }

  func next(timeout: Duration) throws(CaptureError) -> SoundLevel? {
    let end = ContinuousClock.now + timeout
    while ready.isEmpty {
      let left = ContinuousClock.now.duration(to: end)
      guard left > .zero, let audio = try session.next(timeout: left) else { return nil }
      unsafe audio.samples.withUnsafeBufferPointer { samples in
        unsafe meter.add(samples, at: audio.timestamp) { ready.append($0) }
      }
    }
    return ready.removeFirst()
  }

  var counters: CaptureCounters { session.counters }

  func interrupt() { session.interrupt() }

  func close() -> UInt64 { session.close() }
}
