internal import PumpkiiCapture

/// Sounds like somebody speaking: syllables of vowels and breath from a voice model, without words or a recording.
final class SpeechSource: SoundSource {
  private let format: AudioFormat
  private let loop: [Int16]
  private static let innerRate = 16_000

  init(format: AudioFormat, seed: UInt64) {
    self.format = format
    loop = SpeechSynthesizer(rate: Self.innerRate, seed: seed).phrase(seconds: 8)
  }

  func samples(at position: UInt64, count: Int, start: Double, step: Double) -> [Int16] {
    var samples: [Int16] = []
    samples.reserveCapacity(count * format.channels)
    let ratio = Double(Self.innerRate) / Double(format.sampleRate)
    for index in 0..<count {
      let at = Double(position + UInt64(index)) * ratio
      let whole = Int(at) % loop.count
      let (left, right) = (Double(loop[whole]), Double(loop[(whole + 1) % loop.count]))
      let value = Int16(left + (right - left) * (at - at.rounded(.down)))
      for _ in 0..<format.channels { samples.append(value) }
    }
    return samples
  }
}
