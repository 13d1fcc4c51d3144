import PumpkiiMedia
import Testing

@Suite struct MediaTimeTests {
  @Test func ticksRoundToTheNearest() {
    #expect(MediaTime.ticks(nanoseconds: 1_000_000_000, timescale: 90_000) == 90_000)
    #expect(MediaTime.ticks(nanoseconds: 33_333_333, timescale: 90_000) == 3000)
    #expect(MediaTime.ticks(nanoseconds: .max, timescale: 48_000) == 885_443_715_538_058)
    #expect(MediaTime.nanoseconds(ticks: 48_000, timescale: 48_000) == 1_000_000_000)
    #expect(MediaTime.nanoseconds(ticks: .max, timescale: 1) == .max)
  }
}
