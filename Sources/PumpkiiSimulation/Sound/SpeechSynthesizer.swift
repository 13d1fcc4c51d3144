internal import Glibc

/// A small formant synthesiser: a buzzing voice through three resonances, hiss before some vowels, pauses between
/// words.
struct SpeechSynthesizer {
  private struct Syllable {
    var formants: [Double]
    var samples: Int
    var hiss: Int
    var pitch: Double
    var loudness: Double
  }

  /// One resonance of two poles.
  private struct Resonance {
    private var a = 0.0
    private var b = 0.0
    private var c = 0.0
    private var one = 0.0
    private var two = 0.0

    mutating func tune(_ frequency: Double, width: Double, rate: Double) {
      c = -exp(-2 * .pi * width / rate)
      b = 2 * exp(-.pi * width / rate) * cos(2 * .pi * frequency / rate)
      a = 1 - b - c
    }

    mutating func pass(_ input: Double) -> Double {
      let output = a * input + b * one + c * two
      (one, two) = (output, one)
      return output
    }
  }

  /// First three formants of nine vowels, in Hz.
  private static let vowels: [[Double]] = [
    [730, 1090, 2440], [660, 1720, 2410], [530, 1840, 2480], [390, 1990, 2550], [270, 2290, 3010], [570, 840, 2410],
    [440, 1020, 2240], [300, 870, 2240], [490, 1350, 1690],
  ]
  private static let step = 80

  private let rate: Int
  private let random: SeededRandom

  init(rate: Int, seed: UInt64) {
    self.rate = rate
    random = SeededRandom(seed: seed, stream: 17)
  }

  /// Some seconds that end in silence, so that they can follow themselves.
  func phrase(seconds: Int) -> [Int16] {
    let length = seconds * rate
    var voice: [Double] = []
    voice.reserveCapacity(length)
    var syllable: UInt64 = 0
    while voice.count < length - rate * 3 / 4 {
      speak(self.syllable(syllable), seed: syllable, into: &voice)
      syllable += 1
      // A word has two or three syllables, a breath follows each fourth word.
      if syllable % 3 == 0 || random.unit(syllable * 8 + 7) < 0.2 {
        let pause = syllable % 12 == 0 ? 0.35 : 0.09
        voice += [Double](repeating: 0, count: Int(pause * Double(rate)))
      }
    }
    voice = Array(voice.prefix(length)) + [Double](repeating: 0, count: max(length - voice.count, 0))
    let peak = voice.reduce(1e-9) { max($0, abs($1)) }
    return voice.map { Int16($0 / peak * 14_000) }
  }

  private func syllable(_ index: UInt64) -> Syllable {
    func chance(_ part: UInt64) -> Double { random.unit(index * 8 + part) }
    let vowel = Self.vowels[Int(chance(0) * Double(Self.vowels.count))]
    // Pitch falls within a phrase of twelve syllables and wavers a little.
    let fall = 1 - 0.02 * Double(index % 12)
    return Syllable(
      formants: vowel, samples: Int((0.11 + 0.12 * chance(1)) * Double(rate)),
      hiss: chance(2) < 0.45 ? Int((0.03 + 0.05 * chance(3)) * Double(rate)) : 0,
      pitch: (118 + 14 * (chance(4) - 0.5)) * fall, loudness: 0.6 + 0.4 * chance(5))
  }

  private func speak(_ syllable: Syllable, seed: UInt64, into voice: inout [Double]) {
    let noise = SeededRandom(seed: seed, stream: 23)
    var hiss = Resonance()
    hiss.tune(4800, width: 1500, rate: Double(rate))
    for index in 0..<syllable.hiss {
      let swell = sin(.pi * Double(index) / Double(syllable.hiss))
      voice.append(hiss.pass(noise.unit(UInt64(index)) - 0.5) * swell * 0.06)
    }
    var resonances = [Resonance(), Resonance(), Resonance()]
    var phase = 0.0
    var before = 0.0
    for index in 0..<syllable.samples {
      let part = Double(index) / Double(syllable.samples)
      if index % Self.step == 0 { tune(&resonances, syllable, part) }
      phase += syllable.pitch * (1 + 0.06 * sin(.pi * part)) / Double(rate)
      phase -= phase.rounded(.down)
      // The lips pass on the change of the flow, which is what makes a voice bright.
      let flow = Self.flow(phase)
      var value = flow - before + (noise.unit(UInt64(index) + 1 << 32) - 0.5) * 0.004
      before = flow
      for which in resonances.indices { value = resonances[which].pass(value) }
      voice.append(value * min(min(part, 1 - part) * 6, 1) * syllable.loudness)
    }
  }

  /// Air through the glottis: it opens slowly, closes fast and stays closed.
  private static func flow(_ phase: Double) -> Double {
    if phase < 0.4 { return 0.5 - 0.5 * cos(.pi * phase / 0.4) }
    return phase < 0.56 ? cos(.pi / 2 * (phase - 0.4) / 0.16) : 0
  }

  /// Formants glide from the middle of the mouth to the vowel and part of the way back.
  private func tune(_ resonances: inout [Resonance], _ syllable: Syllable, _ part: Double) {
    let rest = [500.0, 1500, 2500]
    let reach = min(min(part * 5, (1 - part) * 4 + 0.4), 1)
    for index in resonances.indices {
      let frequency = rest[index] + (syllable.formants[index] - rest[index]) * reach
      resonances[index].tune(frequency, width: [70.0, 100, 140][index], rate: Double(rate))
    }
  }
}
