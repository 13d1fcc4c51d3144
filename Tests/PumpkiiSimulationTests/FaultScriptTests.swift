import PumpkiiSimulation
import Testing

@Suite struct FaultScriptTests {
  static let period: UInt64 = 33_333_333
  static let faults = [
    Fault(.lose, at: 5, count: 2), Fault(.stall, when: .chance(0.05), count: 4),
    Fault(.errorBit, when: .chance(0.02), opening: 0), Fault(.shutter, when: .time(400_000_000), length: 300_000_000),
    Fault(.clockJump, at: 30, by: -5_000_000), Fault(.unplug, at: 60), Fault(.freeze, when: .chance(0.003)),
  ]

  private func trace(_ units: some Sequence<UInt64>, opening: Int = 1, seed: UInt64 = 7) -> [UInt64: [Fault]] {
    let script = FaultScript(Self.faults, opening: opening, seed: seed)
    return Dictionary(uniqueKeysWithValues: units.map { ($0, script.actions(of: $0, at: $0 * Self.period)) })
  }

  @Test(arguments: [1, 2, 99] as [UInt64])
  func theTraceDoesNotDependOnHowOftenOrInWhichOrderItIsAsked(seed: UInt64) {
    let forwards = trace(0..<2000, seed: seed)
    #expect(forwards == trace((0..<2000).reversed(), seed: seed))
    #expect(forwards == trace((0..<2000).shuffled(), seed: seed))
    let script = FaultScript(Self.faults, opening: 1, seed: seed)
    for unit in [700, 3, 700, 0, 1999, 700, 3] as [UInt64] {
      #expect(script.actions(of: unit, at: unit * Self.period) == forwards[unit])
    }
  }

  @Test func sameSeedSameTraceAndAnotherSeedAnotherOne() {
    #expect(trace(0..<500) == trace(0..<500))
    #expect(trace(0..<500) != trace(0..<500, seed: 8))
    #expect(trace(0..<500) != trace(0..<500, opening: 2))
  }

  @Test func chanceComesAsOftenAsItIsSaid() {
    let script = FaultScript([Fault(.errorBit, when: .chance(0.1))], opening: 1, seed: 3)
    let hits = (0..<20_000 as Range<UInt64>).count { !script.actions(of: $0, at: 0).isEmpty }
    #expect((1800...2200).contains(hits))
    let never = FaultScript([Fault(.errorBit, when: .chance(0))], opening: 1, seed: 3)
    #expect(!(0..<1000 as Range<UInt64>).contains { !never.actions(of: $0, at: 0).isEmpty })
    let always = FaultScript([Fault(.errorBit, when: .chance(1))], opening: 1, seed: 3)
    #expect((0..<1000 as Range<UInt64>).allSatisfy { !always.actions(of: $0, at: 0).isEmpty })
  }

  @Test func whatChanceBeginsLastsAsLongAsItIsSaid() {
    let single = FaultScript([Fault(.stall, when: .chance(0.01))], opening: 1, seed: 5)
    let burst = FaultScript([Fault(.stall, when: .chance(0.01), count: 3)], opening: 1, seed: 5)
    let begins = (0..<1000 as Range<UInt64>).filter { !single.actions(of: $0, at: 0).isEmpty }
    let lasts = (0..<1000 as Range<UInt64>).filter { !burst.actions(of: $0, at: 0).isEmpty }
    var expected: Set<UInt64> = []
    for begin in begins { expected.formUnion(begin..<begin + 3) }
    #expect(!begins.isEmpty)
    #expect(Set(lasts) == expected.filter { $0 < 1000 })
  }

  @Test func eachLineRollsItsOwnDice() {
    let two = [Fault(.errorBit, when: .chance(0.5)), Fault(.stall, when: .chance(0.5))]
    let script = FaultScript(two, opening: 1, seed: 1)
    #expect((0..<100 as Range<UInt64>).contains { script.actions(of: $0, at: 0).count == 1 })
  }

  @Test func aUnitATimeAndAnOpeningMeanWhatTheySay() {
    let faults = [
      Fault(.lose, at: 10, count: 3, opening: 2), Fault(.shutter, when: .time(1000), length: 500, opening: 0),
      Fault(.freeze, at: 20, opening: 2),
    ]
    let first = FaultScript(faults, opening: 1, seed: 1)
    let second = FaultScript(faults, opening: 2, seed: 1)
    #expect(first.actions(of: 10, at: 0).isEmpty)
    #expect(second.actions(of: 9, at: 0).isEmpty)
    #expect(second.actions(of: 12, at: 0).map(\.kind) == [.lose])
    #expect(second.actions(of: 13, at: 0).isEmpty)
    #expect(first.actions(of: 0, at: 999).isEmpty)
    #expect(first.actions(of: 0, at: 1499).map(\.kind) == [.shutter])
    #expect(first.actions(of: 0, at: 1500).isEmpty)
    // What stops the device is named from then on.
    #expect(second.actions(of: 1_000_000, at: 0).map(\.kind) == [.freeze])
  }
}
