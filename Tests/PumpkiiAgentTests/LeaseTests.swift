import PumpkiiAgent
import PumpkiiPolicy
import PumpkiiSystem
import PumpkiiWire
import Testing

/// "Off" means that the descriptor is closed, and "denied" that it was never opened.
@Suite struct LeaseTests {
  private static let all: Set<Flag> = [.sensorCamera, .sensorMicrophone, .shareVideo, .shareAudio, .sharePhoto]

  @Test(arguments: [Set<Flag>(), [.sensorCamera, .shareAudio], [.shareAudio]])
  func aDeniedMicrophoneIsNeverOpened(allowed: Set<Flag>) throws {
    let trace = Trace()
    let bench = Bench(allowed: allowed)
    try bench.beginEpoch()
    bench.watch(ClassMask(.audio))
    #expect(bench.microphonePump(TracedMicrophone(trace: trace)).run() == nil)
    #expect(trace.all.isEmpty)
  }

  @Test func withoutAPolicyNothingIsOpened() throws {
    let trace = Trace()
    let bench = Bench(allowed: Self.all)
    bench.standing.set(Standing(facts: Facts()))
    bench.watch(ClassMask(.audio))
    _ = bench.microphonePump(TracedMicrophone(trace: trace)).run()
    #expect(trace.all.isEmpty)
  }

  @Test func aWithdrawnFlagClosesTheMicrophoneWhileItRuns() throws {
    let trace = Trace()
    let bench = Bench(allowed: Self.all)
    try bench.beginEpoch()
    bench.watch(ClassMask(.audio))
    let microphone = TracedMicrophone(trace: trace) { period in
      if period == 20 {
        bench.standing.set(Bench.standing(Self.all.subtracting([.sensorMicrophone])))
        bench.attendant.standingChanged()
      }
    }
    #expect(bench.microphonePump(microphone).run() == nil)
    #expect(trace.all.first == "open")
    #expect(trace.all.last == "close")
    #expect(trace.all.contains("interrupt"), "a waiting read is woken, not waited for")
    let counts = bench.account.current
    #expect(counts.captured == 21, "21 periods were made: \(counts)")
    #expect(counts.sealed <= 20, "nothing is sealed after the flag is off: \(counts)")
  }

  @Test func aDeniedShareSealsNothingThoughTheSensorIsOpen() throws {
    let trace = Trace()
    let bench = Bench(allowed: [.sensorMicrophone])
    try bench.beginEpoch()
    bench.outbox.open()
    bench.watch(ClassMask(.audio))
    let microphone = TracedMicrophone(trace: trace) { if $0 == 10 { bench.attendant.microphone.set(false) } }
    _ = bench.microphonePump(microphone).run()
    let counts = bench.account.current
    #expect(counts.sealed == 0)
    #expect(counts.denied == counts.captured - (counts.dropped[.shutdown] ?? 0))
    #expect(bench.outbox.isIdle, "nothing reached the outbox")
  }

  @Test func whatNobodyWatchesIsNotSealed() throws {
    let trace = Trace()
    let bench = Bench(allowed: Self.all)
    try bench.beginEpoch()
    bench.watch(ClassMask(.audio))
    let microphone = TracedMicrophone(trace: trace) { period in
      if period == 5 { bench.attendant.setWanted([]) }
      if period == 10 { bench.attendant.microphone.set(false) }
    }
    _ = bench.microphonePump(microphone).run()
    let counts = bench.account.current
    #expect((counts.dropped[.unwatched] ?? 0) > 0)
    #expect(counts.captured == 11)
  }
}
