import PumpkiiAgent
import PumpkiiPolicy
import PumpkiiSystem
import PumpkiiWire
import Testing

/// The gate is asked last, whatever was asked before: what changed meanwhile counts.
@Suite struct GateTests {
  private static let all: Set<Flag> = [.sensorCamera, .sensorMicrophone, .shareVideo, .shareAudio, .recordLocal]

  private static func cleared(_ gate: Gate, _ media: MediaClass, _ uses: Uses) -> Uses? {
    switch gate.clear(media, for: uses) {
    case .cleared(let clearance): clearance.uses
    case .denied: nil
    }
  }

  @Test func aClearanceNamesTheUsesThatAreAllowedAndNoOther() {
    let gate = Bench(allowed: Self.all.subtracting([.recordLocal])).gate
    #expect(Self.cleared(gate, .video, [.live, .record]) == .live)
    #expect(gate.allowed(.video, among: [.live, .record]).uses == .live)
  }

  @Test func setTimesLetAClipWaitAndWithdrawNothing() {
    let allowed: Set<Flag> = [.sensorCamera, .recordLocal, .recordCloud]
    let bench = Bench(allowed: allowed)
    #expect(bench.gate.mayUpload(ClassMask(.video)) && bench.gate.isUploadGranted(ClassMask(.video)))
    var standing = Bench.standing(allowed)
    // Without its zone a schedule denies at any time.
    standing.facts.owner?.schedule = Schedule(
      entries: [Schedule.Entry(flags: [.recordCloud], days: Schedule.Days(rawValue: 1), from: 0, to: 1)].compactMap(
        \.self),
      zone: "Etc/UTC")
    bench.standing.set(standing)
    #expect(!bench.gate.mayUpload(ClassMask(.video)) && bench.gate.isUploadGranted(ClassMask(.video)))
    bench.standing.set(Bench.standing([.sensorCamera, .recordLocal]))
    #expect(!bench.gate.isUploadGranted(ClassMask(.video)))
  }

  @Test(arguments: [Flag.sensorCamera, .shareVideo])
  func nothingIsClearedOnceAFlagWasWithdrawn(flag: Flag) {
    let bench = Bench(allowed: Self.all)
    #expect(Self.cleared(bench.gate, .video, .live) == .live)
    bench.standing.set(Bench.standing(Self.all.subtracting([flag])))
    #expect(Self.cleared(bench.gate, .video, .live) == nil)
    #expect(bench.gate.allowed(.video, among: .live).denial?.flag == flag)
    #expect(Self.cleared(bench.gate, .audio, .live) == .live)
  }

  @Test func hardwareDeniesWhateverThePolicySays() {
    let bench = Bench(allowed: Self.all)
    let surroundings = Surroundings()
    let gate = Gate(standing: bench.standing, surroundings: surroundings)
    surroundings.set(.killSwitch, of: .sensorCamera, to: true)
    #expect(Self.cleared(gate, .video, [.live, .record]) == nil)
    #expect(Self.cleared(gate, .audio, .live) == .live)
  }
}
