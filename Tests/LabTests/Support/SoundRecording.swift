import PumpkiiCapture
import PumpkiiSystem

/// One opening of a microphone.
typealias SoundRecording = Opening<SoundRecord>

/// What came of a microphone.
struct SoundRecord: OpeningRecord {
  static let name = "sound"

  var format: AudioFormat?
  /// Sample frames that came.
  var frames = 0
  /// Of the newest period.
  var position: UInt64 = 0
  var peak = 0
  /// Where a period did not begin at the end of the one before.
  var jumps: [UInt64] = []
  var events: [SensorEvent] = []
  var error: CaptureError?
  var counters = CaptureCounters()
  var made: UInt64?

  var amount: String { "\(frames) frames" }

  /// What the card had and nobody had collected when it was closed; all else was delivered or counted as lost.
  var uncollected: Int { Int(made ?? 0) - Int(counters.delivered) - Int(counters.totalLost) }
}

extension Opening where State == SoundRecord {
  convenience init(_ microphone: any Microphone) {
    self.init { state, stopper throws(CaptureError) in
      let session = try microphone.open { event in state.update { $0.events.append(event) } }
      let format = session.format
      state.update { $0.format = format }
      Self.follow(session, state, stopper) { () throws(CaptureError) in try Self.step(session, format, state) }
    }
  }

  /// Waits for so many more ms of sound than now.
  @discardableResult
  func wait(milliseconds: Int) async throws -> SoundRecord {
    let opened = try await wait(for: "its opening") { $0.format != nil }
    let wanted = opened.frames + milliseconds * (opened.format?.sampleRate ?? 48_000) / 1000
    return try await wait(for: "\(milliseconds) ms more") { $0.frames >= wanted }
  }

  private static func step(
    _ session: any MicrophoneSession, _ format: AudioFormat, _ state: Published<SoundRecord>
  ) throws(CaptureError) {
    guard let sound = try session.next(timeout: .milliseconds(200)) else { return }
    let count = sound.samples.count / max(format.channels, 1)
    let peak = sound.samples.reduce(0) { max($0, abs(Int($1))) }
    let counters = session.counters
    state.update { state in
      if state.frames > 0, sound.position != state.position { state.jumps.append(sound.position) }
      state.position = sound.position + UInt64(count)
      state.frames += count
      state.peak = max(state.peak, peak)
      state.counters = counters
    }
  }
}
