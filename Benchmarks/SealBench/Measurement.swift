internal import PumpkiiSystem

/// Several ways of doing the same work, measured in turns of a few milliseconds of CPU time: a machine with neighbours
/// gives honest ratios only within one run.
struct Measurement {
  /// A way of working: does `count` units and says how many bytes of content they held.
  typealias Work = (_ count: Int) throws -> Int

  /// One contender's turns, in ns of CPU a unit and bytes a ns.
  struct Turns {
    let name: String
    var nanosecondsPerUnit: [Double] = []
    var bytesPerNanosecond: [Double] = []
  }

  private(set) var turns: [Turns] = []

  /// Runs every contender `rounds` times in turns, each of about `slice` ns.
  init(rounds: Int, slice: UInt64 = 8_000_000, _ contenders: [(name: String, work: Work)]) throws {
    turns = contenders.map { Turns(name: $0.name) }
    let counts = try contenders.map { try Self.calibrate($0.work, slice) }
    for _ in 0..<rounds {
      for (place, contender) in contenders.enumerated() {
        let before = Clocks.processCPU()
        let bytes = try contender.work(counts[place])
        let spent = Double(max(1, Clocks.processCPU() - before))
        turns[place].nanosecondsPerUnit.append(spent / Double(counts[place]))
        turns[place].bytesPerNanosecond.append(Double(bytes) / spent)
      }
    }
  }

  /// How many units fill a slice.
  private static func calibrate(_ work: Work, _ slice: UInt64) throws -> Int {
    var count = 1
    while true {
      let before = Clocks.processCPU()
      _ = try work(count)
      let spent = Clocks.processCPU() - before
      if spent >= slice / 2 { return count }
      count *= 2
    }
  }

  /// The median over the rounds of one contender's speed against another's in the same round.
  func share(_ contender: Int, of reference: Int) -> Double {
    Self.median(zip(turns[contender].bytesPerNanosecond, turns[reference].bytesPerNanosecond).map { $0 / $1 })
  }

  static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
  }
}
