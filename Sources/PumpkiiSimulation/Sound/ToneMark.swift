internal import Glibc

/// Finds in recorded sound the beeps with which a fake microphone marks each full second.
public struct ToneMark: Sendable {
  /// Of the beep, in Hz.
  public static let frequency = 1000.0
  /// Of the beep, in ns.
  static let length = 40e6
  static let amplitude = 16_000.0

  private let sampleRate: Int

  /// - Parameter sampleRate: of the sound to search.
  public init(sampleRate: Int) { self.sampleRate = sampleRate }

  /// When each beep begins, in seconds from the first sample, to about two milliseconds.
  /// - Parameter samples: one channel.
  public func onsets(in samples: [Int16]) -> [Double] {
    // Eight waves in a window: other sounds are left out, the edge stays sharp.
    let window = sampleRate / 125
    let hop = max(sampleRate / 1000, 1)
    guard window > 0, samples.count >= window else { return [] }
    let levels = stride(from: 0, through: samples.count - window, by: hop).map { level(samples, at: $0, window) }
    guard let loudest = levels.max(), loudest > 300 else { return [] }
    var found: [Double] = []
    var silentUntil = 0
    for index in levels.indices.dropFirst() where index >= silentUntil {
      let (before, after) = (levels[index - 1], levels[index])
      guard before < loudest / 2, after >= loudest / 2 else { continue }
      // Half the level is reached when the beep fills half the window; half of its swell is part of that.
      let between = (loudest / 2 - before) / max(after - before, 1)
      let middle = (Double(index - 1) + between) * Double(hop) + Double(window) / 2
      found.append(max(middle / Double(sampleRate) - 0.001, 0))
      silentUntil = index + sampleRate / hop / 2
    }
    return found
  }

  /// Amplitude of the beep's frequency in a window (Goertzel).
  private func level(_ samples: [Int16], at start: Int, _ window: Int) -> Double {
    let factor = 2 * cos(2 * .pi * Self.frequency / Double(sampleRate))
    var (one, two) = (0.0, 0.0)
    for index in start..<(start + window) { (one, two) = (Double(samples[index]) + factor * one - two, one) }
    return (one * one + two * two - factor * one * two).squareRoot() * 2 / Double(window)
  }
}
