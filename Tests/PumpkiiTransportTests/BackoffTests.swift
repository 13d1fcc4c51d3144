import PumpkiiTransport
import Testing

/// A generator with a seed, so that a run can be repeated (SplitMix64).
struct Seeded: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

@Suite struct BackoffTests {
  @Test func doublesWithJitterUpToTheCap() {
    var random = Seeded(state: 7)
    var backoff = Backoff(first: .milliseconds(100), cap: .seconds(3))
    var whole = Duration.milliseconds(100)
    for _ in 0..<100 {
      let wait = backoff.next(using: &random)
      #expect(wait >= whole / 2 && wait <= whole)
      whole = min(whole * 2, .seconds(3))
    }
    backoff.reset()
    #expect(backoff.next(using: &random) <= .milliseconds(100))
  }

  @Test func aSeedRepeats() {
    func waits(_ seed: UInt64) -> [Duration] {
      var random = Seeded(state: seed)
      var backoff = Backoff()
      return (0..<20).map { _ in backoff.next(using: &random) }
    }
    #expect(waits(1) == waits(1))
    #expect(waits(1) != waits(2))
    #expect(Set(waits(1)).count > 10)
  }
}
