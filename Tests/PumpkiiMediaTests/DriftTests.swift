import PumpkiiCapture
import PumpkiiMedia
import Testing

/// A microphone whose clock is off, by its own word and by the true time.
private struct DriftingMicrophone {
  let format: AudioFormat
  let ppm: Double
  /// ns a timestamp may be off, either way.
  var jitter: Double = 0
  private var state: UInt64 = 0x9E37_79B9_7F4A_7C15
  private(set) var position: UInt64 = 0
  private let tone: [Int16]
  static let start: UInt64 = 50_000_000_000

  init(_ format: AudioFormat, ppm: Double, jitter: Double = 0) {
    self.format = format
    self.ppm = ppm
    self.jitter = jitter
    let cycle = (0..<format.sampleRate / 100).map { frame in
      Int16((12_000 * sine(Double(frame) * 1000 / Double(format.sampleRate))).rounded())
    }
    tone = cycle.flatMap { [Int16](repeating: $0, count: format.channels) }
  }

  /// True seconds since the start at which the frame at `position` was taken.
  func seconds(_ position: UInt64) -> Double {
    Double(position) / (Double(format.sampleRate) * (1 + ppm * 1e-6))
  }

  /// 10 ms of a tone of 1 kHz by the device's clock.
  mutating func next(_ samples: [Int16]? = nil) -> CapturedAudio {
    defer { position += UInt64(format.sampleRate / 100) }
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    let random = Double(state >> 33) / Double(1 << 31) * 2 - 1
    // One wake-up in fifty comes very late.
    let late = state >> 40 & 63 == 0 ? 15e6 : 0
    let time = seconds(position) * 1e9 + (jitter > 0 ? random * jitter + late : 0)
    return CapturedAudio(
      position: position, timestamp: UInt64(Double(Self.start) + time), samples: samples ?? tone)
  }
}

/// sin(2π·turns) without a mathematical library.
private func sine(_ turns: Double) -> Double {
  let half = (turns - turns.rounded(.down)) * 2
  let sign: Double = half < 1 ? 1 : -1
  var x = (half < 1 ? half : half - 1) * Double.pi
  if x > Double.pi / 2 { x = Double.pi - x }
  var (term, sum) = (x, x)
  for n in stride(from: 3.0, through: 19, by: 2) {
    term *= -x * x / (n * (n - 1))
    sum += term
  }
  return sign * sum
}

@Suite struct DriftTests {
  /// The largest amount by which a sample differs from what its neighbours say of a pure tone of 1 kHz at 48 kHz: a
  /// sample that is left out or doubled makes some 1500 of it.
  private func roughness(_ samples: ArraySlice<Int16>, channels: Int) -> Double {
    let factor = 2 * sine(0.25 + 1.0 / 48)
    var worst = 0.0
    for at in stride(from: samples.startIndex + channels, to: samples.endIndex - channels, by: 1) {
      let expected = factor * Double(samples[at])
      worst = max(worst, abs(Double(samples[at - channels]) + Double(samples[at + channels]) - expected))
    }
    return worst
  }

  @Test(
    "drift is resampled away: ten minutes stay within 5 ms, without a step and without a click",
    arguments: [
      (48_000, 1, 80.0, 10), (48_000, 1, -200, 10), (48_000, 2, -200, 2), (44_100, 1, -200, 2), (16_000, 1, 80, 2),
    ])
  func tenMinutes(rate: Int, channels: Int, ppm: Double, minutes: Int) throws {
    let format = AudioFormat(sampleRate: rate, channels: channels)
    var microphone = DriftingMicrophone(format, ppm: ppm, jitter: 1_000_000)
    let aligner = try SoundAligner(format: format, position: 0, time: DriftingMicrophone.start)
    var made = 0
    var (worst, rough) = (0.0, 0.0)
    var tail: [Int16] = []
    for period in 0..<minutes * 6000 {
      let audio = microphone.next()
      let sound = try #require(try aligner.process(audio, at: audio.timestamp))
      made += sound.count / channels
      worst = max(worst, abs(Double(made) / 48_000 - microphone.seconds(microphone.position)))
      // Every second's first periods, where the rate changes, seams included; and the first half minute whole.
      if period > 10, period < 3000 || period % 100 < 4 {
        let seamed = (period < 3000 || period % 100 > 0 ? tail : []) + sound
        rough = max(rough, roughness(seamed[...], channels: channels))
      }
      tail = Array(sound.suffix(2 * channels))
    }
    #expect(worst < 0.005, "off by \(worst) s")
    #expect(rough < 8, "a step of \(rough)")
    #expect(aligner.account == SoundAligner.Account())
    #expect(abs(Double(aligner.trim) + ppm) < 60, "trimmed by \(aligner.trim) ppm")
  }

  @Test("a clock that is right leaves sound of 48 kHz untouched")
  func noDrift() throws {
    let format = AudioFormat(sampleRate: 48_000, channels: 1)
    var microphone = DriftingMicrophone(format, ppm: 0.5, jitter: 500_000)
    let aligner = try SoundAligner(format: format, position: 0, time: DriftingMicrophone.start)
    for _ in 0..<6000 {
      let audio = microphone.next()
      #expect(try aligner.process(audio, at: audio.timestamp) == audio.samples)
    }
    #expect(aligner.isTransparent)
  }

  @Test("a sound comes out where its time says, after minutes of drift")
  func contentStays() throws {
    let format = AudioFormat(sampleRate: 48_000, channels: 1)
    var microphone = DriftingMicrophone(format, ppm: -200)
    let aligner = try SoundAligner(format: format, position: 0, time: DriftingMicrophone.start)
    let quiet = [Int16](repeating: 0, count: 480)
    let loud = (0..<480).map { Int16($0 % 48 < 24 ? 12_000 : -12_000) }
    var (made, wanted, found): (Int, [Double], [Double]) = (0, [], [])
    for period in 0..<18_000 {
      let isBurst = period % 1000 == 500
      if isBurst { wanted.append(microphone.seconds(microphone.position)) }
      let audio = microphone.next(isBurst ? loud : quiet)
      let sound = try #require(try aligner.process(audio, at: audio.timestamp))
      if found.count < wanted.count, let at = sound.firstIndex(where: { abs(Int($0)) > 6000 }) {
        found.append(Double(made + at) / 48_000)
      }
      made += sound.count
    }
    #expect(found.count == 18)
    for (wanted, found) in zip(wanted, found) { #expect(abs(wanted - found) < 0.005, "\(wanted) came at \(found)") }
    let late = try #require(zip(wanted, found).map { abs($0 - $1) }.last)
    #expect(late < 0.001, "settled at \(late) s")
  }

  @Test("a clock beyond every drift is still caught by steps of 30 ms, the last resort")
  func lastResort() throws {
    let format = AudioFormat(sampleRate: 48_000, channels: 1)
    var microphone = DriftingMicrophone(format, ppm: -10_000)
    let aligner = try SoundAligner(format: format, position: 0, time: DriftingMicrophone.start)
    var made = 0
    for _ in 0..<3000 {
      let audio = microphone.next()
      made += try #require(try aligner.process(audio, at: audio.timestamp)).count
    }
    #expect(aligner.account.stretched > 0)
    #expect(abs(Double(made) / 48_000 - microphone.seconds(microphone.position)) < 0.06)
  }

  @Test("an overrun amid a corrected drift is filled and moves nothing else")
  func overrunAmidDrift() throws {
    let format = AudioFormat(sampleRate: 48_000, channels: 1)
    var microphone = DriftingMicrophone(format, ppm: 150)
    let aligner = try SoundAligner(format: format, position: 0, time: DriftingMicrophone.start)
    var made = 0
    for period in 0..<12_000 {
      let audio = microphone.next()
      if (6000..<6050).contains(period) { continue }
      made += try #require(try aligner.process(audio, at: audio.timestamp)).count
    }
    #expect(aligner.account.filled == 50 * 480)
    #expect(aligner.account.stretched == 0 && aligner.account.skipped == 0)
    #expect(abs(Double(made) / 48_000 - microphone.seconds(microphone.position)) < 0.003)
  }

  @Test("packets go on in steps of 20 ms while drift is corrected, and the last sound comes out at the flush")
  func packetsGoOn() throws {
    let format = AudioFormat(sampleRate: 48_000, channels: 1)
    let processor = try AudioProcessor(format: format, settings: AudioSettings())
    var microphone = DriftingMicrophone(format, ppm: -300)
    var chunks: [AudioChunk] = []
    for _ in 0..<3000 {
      let audio = microphone.next()
      chunks += try processor.process(audio, at: audio.timestamp)
    }
    chunks += try processor.flush()
    let packets = chunks.map(\.packets).reduce(0, +)
    #expect(abs(packets - 1500) <= 1)
    // What the agent accounts for is the microphone's own count.
    #expect(chunks.map(\.sourceUnits).reduce(0, +) == 1500)
    #expect(chunks.dropLast().allSatisfy { (4...6).contains($0.sourceUnits) })
    #expect(chunks.dropLast().allSatisfy { $0.packets == 5 })
    #expect(chunks.enumerated().allSatisfy { Int($1.firstUnit) == $0 * 5 })
    #expect(processor.stretchedFrames == 0 && processor.skippedFrames == 0)
  }

  @Test("a fast microphone fills more stretches of 20 ms than there are packets; each is told once")
  func unitsOfAFastMicrophone() throws {
    let format = AudioFormat(sampleRate: 16_000, channels: 1)
    let processor = try AudioProcessor(format: format, settings: AudioSettings())
    var microphone = DriftingMicrophone(format, ppm: 1500)
    var chunks: [AudioChunk] = []
    for period in 0..<6000 {
      let audio = microphone.next()
      if (3000..<3040).contains(period) { continue }
      chunks += try processor.process(audio, at: audio.timestamp)
    }
    chunks += try processor.flush()
    #expect(chunks.map(\.sourceUnits).reduce(0, +) == 3000)
    #expect(chunks.map(\.packets).reduce(0, +) < 2999)
  }

  @Test("a change of the rate, back to none as well, moves no sample")
  func trimsWithoutClicks() throws {
    let resampler = try Resampler(channels: 1, from: 48_000, to: 48_000)
    let tone = (0..<480).map { Int16((12_000 * sine(Double($0) / 48)).rounded()) }
    var tail: [Int16] = []
    _ = try resampler.process(tone)
    for trim in [0, 31, 0, -15, 15, 0, -200, 500, 0, 1] {
      try resampler.trim(trim)
      for _ in 0..<3 {
        let sound = try resampler.process(tone)
        #expect(roughness((tail + sound)[...], channels: 1) < 8, "at \(trim) ppm")
        tail = Array(sound.suffix(2))
      }
    }
  }
}
