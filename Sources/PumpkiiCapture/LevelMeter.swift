internal import Glibc

/// Adds up how loud a stretch of sound is: three numbers, from which no sample can be had back.
package struct LevelMeter: Sendable, Equatable {
  /// What silence reads as.
  static let floor = -120.0
  private let rate: UInt64
  private let channels: Int
  /// Frames of one level: 100 ms.
  private let stretch: Int
  private var squares = 0.0
  private var peak = 0.0
  private var frames = 0
  private var start: UInt64 = 0

  /// For interleaved sound of `channels`.
  package init(rate: Int, channels: Int) {
    self.rate = UInt64(max(rate, 1))
    self.channels = max(channels, 1)
    stretch = max(rate / 10, 1)
  }

  /// Takes frames that begin at `time` (ns) and belong together.
  /// - Parameter ended: hears each level that they complete.
  package mutating func add(_ samples: UnsafeBufferPointer<Int16>, at time: UInt64, _ ended: (SoundLevel) -> Void) {
    let count = samples.count / channels
    var at = 0
    while at < count {
      if frames == 0 { start = time &+ UInt64(at) * 1_000_000_000 / rate }
      let end = min(count, at + stretch - frames)
      for index in (at * channels)..<(end * channels) {
        let value = unsafe Double(samples[index])
        squares += value * value
        peak = max(peak, abs(value))
      }
      frames += end - at
      at = end
      if frames == stretch { ended(finish()) }
    }
  }

  /// Sound was lost: a level that was begun does not go on over the hole.
  package mutating func restart() {
    squares = 0
    peak = 0
    frames = 0
  }

  private mutating func finish() -> SoundLevel {
    let mean = squares / Double(frames * channels)
    let level = SoundLevel(
      timestamp: start, duration: UInt64(frames) * 1_000_000_000 / rate, rms: Self.decibels(mean.squareRoot()),
      peak: Self.decibels(peak))
    restart()
    return level
  }

  private static func decibels(_ value: Double) -> Double {
    value > 0 ? max(Self.floor, 20 * log10(value / 32_768)) : Self.floor
  }
}
