import PumpkiiAgent
import PumpkiiPolicy
import PumpkiiSystem
import Testing

/// What recording may keep follows the flags at once.
@Suite struct RecordingGuardTests {
  @Test(arguments: [Flag.sensorCamera, .sensorMicrophone, .recordLocal])
  func thePreRollIsGoneOnceAFlagIsWithdrawn(flag: Flag) throws {
    let bench = try RecordBench()
    try bench.beginEpoch()
    let watch = RecordingGuard(gate: bench.gate, recorder: bench.recorder)
    watch.refresh()
    try bench.film(seconds: 5)
    watch.refresh()
    #expect(bench.recorder.report.value.ringBytes > 0)
    bench.standing.set(Bench.standing(RecordBench.flags.subtracting([flag])))
    watch.refresh()
    #expect(bench.recorder.report.value.ringBytes == 0)
  }

  @Test func nothingIsRecordedWithoutItsFlagWhateverTheSensorsMay() throws {
    let bench = try RecordBench()
    let watch = RecordingGuard(gate: bench.gate, recorder: bench.recorder)
    watch.refresh()
    #expect(bench.recorder.trigger(.manual))
    bench.standing.set(Bench.standing(RecordBench.flags.subtracting([.recordLocal])))
    watch.refresh()
    #expect(!bench.recorder.report.value.isAllowed)
    #expect(!bench.recorder.trigger(.manual))
  }

  @Test(arguments: [Flag.sensorCamera, .sensorMicrophone])
  func whatWasOnItsWayWhenASensorWasWithdrawnIsGoneOnceItClosed(flag: Flag) throws {
    let bench = try RecordBench()
    try bench.beginEpoch()
    let watch = RecordingGuard(gate: bench.gate, recorder: bench.recorder)
    watch.refresh()
    // Cleared before the withdrawal, and kept after its wipe.
    try bench.film(seconds: 2)
    watch.closed(flag)
    #expect(bench.recorder.report.value.ringBytes > 0, "a sensor that nobody withdrew")
    bench.standing.set(Bench.standing(RecordBench.flags.subtracting([flag])))
    watch.closed(flag)
    #expect(bench.recorder.report.value.ringBytes == 0)
  }
}
