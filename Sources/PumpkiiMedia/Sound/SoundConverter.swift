/// Sound of one rate as sound of 48 kHz, without a break in it when a drift begins to be corrected. Confined to one
/// thread.
///
/// At 48 kHz the samples pass through untouched until the first trim; then the resampler is filled with what was heard
/// last, so that it goes on where the untouched samples end.
package final class SoundConverter {
  /// Frames that fill the resampler's filter at both ends.
  private static let history = 256

  private let channels: Int
  private let rate: Int
  /// Frames out for one frame in.
  package let ratio: Double
  private var resampler: Resampler?
  private var recent: [Int16] = []
  /// Frames of output that came out untouched before the resampler took over.
  private var discard = 0
  /// Frames given out.
  package private(set) var made: UInt64 = 0
  private var taken: UInt64 = 0
  /// Frames of output that the resampler keeps until more comes; known from the first trim on.
  private var held: Double?
  private var trimmed = 0

  /// - Throws: ``MediaError`` `unsupported`.
  package init(channels: Int, rate: Int) throws(MediaError) {
    self.channels = channels
    self.rate = rate
    let target = Int(MediaTime.audio)
    ratio = Double(target) / Double(max(rate, 1))
    guard rate != target else { return }
    resampler = try Resampler(channels: channels, from: rate, to: target)
  }

  /// True while samples pass through untouched.
  package var isTransparent: Bool { resampler == nil }

  /// Frames of output that what was taken amounts to, those still inside included.
  package var total: Double { held.map { Double(made) + $0 } ?? Double(taken) * ratio }

  /// Interleaved samples in, interleaved samples of 48 kHz out.
  /// - Throws: ``MediaError`` `codecFailed`.
  package func process(_ samples: [Int16]) throws(MediaError) -> [Int16] {
    taken += UInt64(samples.count / channels)
    guard let resampler else {
      remember(samples)
      made += UInt64(samples.count / channels)
      return samples
    }
    var output = try resampler.process(samples)
    if discard > 0 {
      let dropped = min(discard, output.count / channels)
      output.removeFirst(dropped * channels)
      discard -= dropped
      held = held.map { $0 + Double(dropped) }
      if discard == 0 { blend(samples, into: &output) }
    }
    made += UInt64(output.count / channels)
    return output
  }

  /// Makes the output of what comes now longer by `ppm`.
  /// - Throws: ``MediaError`` `codecFailed`.
  package func trim(_ ppm: Int) throws(MediaError) {
    guard ppm != trimmed else { return }
    if held == nil { held = Double(taken) * ratio - Double(made) }
    try takeOver().trim(ppm)
    trimmed = ppm
  }

  /// What is still inside, and nothing more; the converter is done then.
  /// - Throws: ``MediaError`` `codecFailed`.
  package func drain() throws(MediaError) -> [Int16] {
    guard resampler != nil else { return [] }
    // A sum of binary fractions stands for a whole number here; the smallest part more would be a frame too many.
    let wanted = Int((total - Double(made) - 1e-6).rounded(.up))
    guard wanted > 0 else { return [] }
    // A filter is shorter than a tenth of a second at any rate.
    let rest = try process([Int16](repeating: 0, count: rate / 10 * channels))
    return Array(rest.prefix(wanted * channels))
  }

  /// A filter changes loudness by a thousandth; the step at the seam is spread over the first samples after it, which
  /// are those of `samples` but for the filter.
  private func blend(_ samples: [Int16], into output: inout [Int16]) {
    let count = min(output.count, samples.count) / channels
    for at in 0..<(count * channels) {
      let old = Int(samples[at])
      output[at] = Int16(clamping: old + (Int(output[at]) - old) * (at / channels) / count)
    }
  }

  private func remember(_ samples: [Int16]) {
    let wanted = Self.history * channels
    recent = samples.count >= wanted ? samples : Array((recent + samples).suffix(wanted))
  }

  private func takeOver() throws(MediaError) -> Resampler {
    if let resampler { return resampler }
    let fresh = try Resampler(channels: channels, from: rate, to: Int(MediaTime.audio))
    let heard = Array(recent.suffix(Self.history * channels))
    recent = []
    if !heard.isEmpty {
      discard = (heard.count - (try fresh.process(heard)).count) / channels
    }
    resampler = fresh
    return fresh
  }
}
