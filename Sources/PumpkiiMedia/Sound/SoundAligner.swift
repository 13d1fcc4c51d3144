package import PumpkiiCapture

/// From a microphone's periods to sound of 48 kHz that stays with the clock: holes filled, drift resampled away.
/// Confined to one thread; one for each stretch of sound without a hole.
package final class SoundAligner {
  /// What became of the sound.
  package struct Account: Sendable, Equatable {
    /// Sample frames the microphone lost to overruns, for which silence stands in.
    package fileprivate(set) var filled: UInt64 = 0
    /// Sample frames of silence put in because the microphone's clock is slow beyond resampling.
    package fileprivate(set) var stretched: UInt64 = 0
    /// Sample frames left out because the microphone's clock runs fast beyond resampling.
    package fileprivate(set) var skipped: UInt64 = 0

    /// Nothing yet.
    package init() {}
  }

  /// Counts over all stretches when it is handed on.
  package private(set) var account: Account
  /// ppm by which the output is made longer at the moment.
  package private(set) var trim = 0
  /// ns by which the sound lags at the last period.
  package private(set) var lead: Int64 = 0
  /// The microphone's position after the last frame taken.
  package private(set) var endPosition: UInt64
  /// Frames of 48 kHz that all frames taken amount to.
  package var total: Double { converter.total }
  /// Frames of 48 kHz for one of the microphone.
  package var ratio: Double { converter.ratio }
  /// True while samples pass through as they came.
  package var isTransparent: Bool { converter.isTransparent }
  private let format: AudioFormat
  private let converter: SoundConverter
  private var timeline: AudioTimeline
  private var servo: DriftServo

  /// A stretch that begins with the frame at `position`, taken at `time`.
  /// - Throws: ``MediaError`` `unsupported`.
  package init(
    format: AudioFormat, position: UInt64, time: UInt64, account: Account = Account()
  ) throws(MediaError) {
    self.format = format
    self.account = account
    endPosition = position
    converter = try SoundConverter(channels: format.channels, rate: format.sampleRate)
    timeline = AudioTimeline(rate: format.sampleRate, position: position, time: time)
    servo = DriftServo(rate: format.sampleRate)
  }

  /// Takes one period.
  /// - Returns: interleaved samples of 48 kHz; nil when the hole before this period is too large for the stretch to go
  ///   on, which takes nothing.
  /// - Throws: ``MediaError`` `codecFailed`.
  package func process(_ audio: CapturedAudio, at time: UInt64) throws(MediaError) -> [Int16]? {
    let count = audio.samples.count / format.channels
    guard count > 0 else { return [] }
    lead = timeline.lead(at: time)
    let whole = count * format.channels
    let step = timeline.step(position: audio.position, count: count, at: time)
    if step != .restart { endPosition = audio.position &+ UInt64(count) }
    switch step {
    case .go:
      if let ppm = servo.note(lead: Double(lead) / 1e9, frames: count) {
        try converter.trim(ppm)
        trim = ppm
      }
      return try take(audio.samples.count == whole ? audio.samples : Array(audio.samples.prefix(whole)))
    case .fill(let frames):
      account.filled += UInt64(frames)
      return try silence(frames) + take(Array(audio.samples.prefix(whole)))
    case .stretch(let frames):
      account.stretched += UInt64(frames)
      return try silence(frames) + take(Array(audio.samples.prefix(whole)))
    case .skip(let frames):
      account.skipped += UInt64(frames)
      servo.jumped()
      return try take(Array(audio.samples[(frames * format.channels)..<whole]))
    case .restart:
      return nil
    }
  }

  /// What the resampler still holds of the frames taken, not more; nothing follows.
  /// - Throws: ``MediaError`` `codecFailed`.
  package func drain() throws(MediaError) -> [Int16] { try converter.drain() }

  private func silence(_ frames: Int) throws(MediaError) -> [Int16] {
    servo.jumped()
    return try take([Int16](repeating: 0, count: frames * format.channels))
  }

  private func take(_ samples: [Int16]) throws(MediaError) -> [Int16] {
    let output = try converter.process(samples)
    timeline.advance(by: samples.count / format.channels)
    guard servo.isActive else { return output }
    let longer = converter.total - Double(timeline.frames) * converter.ratio
    timeline.correction = Int64((longer * 1e9 / Double(MediaTime.audio)).rounded())
    return output
  }
}
