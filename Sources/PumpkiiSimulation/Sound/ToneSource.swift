internal import Glibc

/// A beep at each full second of the device's time: by true time, so that a drifting clock does not move it.
final class ToneSource: SoundSource {
  private let channels: Int

  init(channels: Int) { self.channels = channels }

  func samples(at position: UInt64, count: Int, start: Double, step: Double) -> [Int16] {
    var samples = [Int16](repeating: 0, count: count * channels)
    for index in 0..<count {
      let time = start + Double(index) * step
      let since = time - (time / 1e9).rounded(.down) * 1e9
      guard since < ToneMark.length else { continue }
      // Two milliseconds to swell and to fade: a hard edge would click.
      let edge = min(min(since, ToneMark.length - since) / 2e6, 1)
      let value = Int16(ToneMark.amplitude * edge * sin(since * 2e-9 * .pi * ToneMark.frequency))
      for channel in 0..<channels { samples[index * channels + channel] = value }
    }
    return samples
  }
}
