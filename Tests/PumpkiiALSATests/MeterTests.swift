import PumpkiiALSA
import PumpkiiCapture
import Testing

@Suite struct MeterTests {
  /// A device's periods of 20 ms with a wake-up now and then that comes 30 ms late.
  private func measure(ppm: Double, seconds: Int, jitter: Double) -> DriftMeter {
    var meter = DriftMeter(rate: 48_000)
    var state: UInt64 = 42
    for period in 0..<seconds * 50 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let random = Double(state >> 33) / Double(1 << 31) * 2 - 1
      let late: Double = (state >> 40) % 20 == 0 ? 30e6 : 0
      let position = UInt64(period * 960)
      let time = Double(position) / (48_000 * (1 + ppm * 1e-6)) * 1e9 + 7e9 + random * jitter + late
      meter.add(position: position, time: UInt64(time))
    }
    return meter
  }

  @Test("checklist 53: drift is measured in ppm through jitter and late wake-ups", arguments: [80.0, -200, 0, 500])
  func drift(ppm: Double) throws {
    let exact = try #require(measure(ppm: ppm, seconds: 12, jitter: 0).ppm)
    #expect(abs(exact - ppm) < 1, "\(exact)")
    let rough = try #require(measure(ppm: ppm, seconds: 60, jitter: 500_000).ppm)
    #expect(abs(rough - ppm) < 10, "\(rough)")
  }

  @Test("nothing is said of a clock that was heard for less than ten seconds, or that is none")
  func noVerdict() {
    #expect(measure(ppm: 80, seconds: 9, jitter: 0).ppm == nil)
    #expect(measure(ppm: 500_000, seconds: 30, jitter: 0).ppm == nil)
    var meter = measure(ppm: 80, seconds: 30, jitter: 0)
    meter.restart()
    #expect(meter.ppm == nil)
  }

  @Test("checklist 55: silence is told once, and its end once")
  func silence() {
    var watch = SilenceWatch(patience: 100)
    #expect(watch.hear(isZero: true, duration: 60) == nil)
    #expect(watch.hear(isZero: true, duration: 60) == true)
    #expect(watch.hear(isZero: true, duration: 60) == nil)
    #expect(watch.hear(isZero: false, duration: 60) == false)
    #expect(watch.hear(isZero: false, duration: 60) == nil)
    #expect(watch.hear(isZero: true, duration: 60) == nil)
    #expect(watch.hear(isZero: false, duration: 60) == nil)
  }

  @Test("a level is of 100 ms, its loudness in dBFS, and a hole begins a new one")
  func levels() {
    var meter = LevelMeter(rate: 1000, channels: 2)
    var heard: [SoundLevel] = []
    let full = (0..<500).map { Int16($0 % 2 == 0 ? 16_384 : -16_384) }
    unsafe full.withUnsafeBufferPointer { unsafe meter.add($0, at: 1_000_000_000) { heard.append($0) } }
    #expect(heard.map(\.timestamp) == [1_000_000_000, 1_100_000_000])
    #expect(heard.allSatisfy { abs($0.rms + 6.02) < 0.01 && abs($0.peak + 6.02) < 0.01 && $0.duration == 100_000_000 })
    meter.restart()
    let quiet = [Int16](repeating: 0, count: 200)
    unsafe quiet.withUnsafeBufferPointer { unsafe meter.add($0, at: 2_000_000_000) { heard.append($0) } }
    #expect(heard.last == SoundLevel(timestamp: 2_000_000_000, duration: 100_000_000, rms: -120, peak: -120))
  }

  @Test("full scale stays full scale in every format, and nothing overflows")
  func extremes() {
    func convert(_ format: SampleFormat, _ bytes: [UInt8]) -> Int16 {
      let shape = PCMShape(rate: 48_000, channels: 1, format: format, period: 1, buffer: 10, used: 1)
      var target: [Int16] = [0]
      let count = unsafe bytes.withUnsafeBytes { source in
        unsafe target.withUnsafeMutableBufferPointer {
          unsafe SampleConverter.convert(source, shape: shape, frames: 1, into: $0)
        }
      }
      #expect(count == 1)
      return target[0]
    }
    #expect(convert(.s32, [0xFF, 0xFF, 0xFF, 0x7F]) == .max)
    #expect(convert(.s32, [0, 0, 0, 0x80]) == .min)
    #expect(convert(.s24, [0xFF, 0xFF, 0x7F, 0]) == .max)
    #expect(convert(.s24, [0, 0, 0x80, 0xFF]) == .min)
    #expect(convert(.s24packed, [0xFF, 0xFF, 0x7F]) == .max)
    #expect(convert(.s24packed, [0, 0, 0x80]) == .min)
    func float(_ value: Float) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> ($0 * 8)) } }
    #expect(convert(.float, float(1.5)) == .max && convert(.float, float(-1.5)) == .min)
    #expect(convert(.float, float(.nan)) == 0 && convert(.float, float(0.5)) == 16_384)
    #expect(convert(.float, float(.infinity)) == .max)
  }
}
