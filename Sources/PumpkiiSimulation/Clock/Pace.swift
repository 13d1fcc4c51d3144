/// When a device makes its units, by formula: nothing runs, and any unit's instant can be asked for.
struct Pace: Sendable {
  /// The instant of unit 0 without jitter, in ns.
  let first: UInt64
  /// True ns from one unit to the next, the device's own drift included.
  let period: Double
  /// Delay of at most so many ns, by chance; less than a period, so that order holds.
  private let jitter: Double
  private let random: SeededRandom
  private let tempo: Tempo

  init(
    first: UInt64, nominalPeriod: Double, quality: ClockQuality, random: SeededRandom, tempo: Tempo = Tempo()
  ) {
    self.first = first
    self.tempo = tempo
    period = nominalPeriod / (1 + quality.driftPPM * 1e-6)
    jitter = min(max(quality.jitter, 0), period * 0.9)
    self.random = random
  }

  /// When unit `index` is there.
  func due(_ index: UInt64) -> UInt64 {
    first + UInt64(tempo.ticks(before: index) * period + (jitter > 0 ? random.unit(index) * jitter : 0))
  }

  /// How many units are there at `now`.
  func made(by now: UInt64) -> UInt64 {
    guard now >= first else { return 0 }
    var count = tempo.unit(after: Double(now - first) / period) + 1
    while count > 0, due(count - 1) > now { count -= 1 }
    while due(count) <= now { count += 1 }
    return count
  }
}

/// How well a device keeps time.
public struct ClockQuality: Sendable, Equatable {
  /// Parts per million by which the device is too fast; negative when it is slow.
  public var driftPPM: Double
  /// Greatest delay of a unit in ns; even chance from nothing to this.
  public var jitter: Double

  /// A perfect clock unless told otherwise.
  public init(driftPPM: Double = 0, jitter: Double = 0) {
    self.driftPPM = driftPPM
    self.jitter = jitter
  }
}
