import CPumpkiiV4L2
import Glibc
import PumpkiiCapture
import PumpkiiV4L2
import Testing

@Suite struct RecoveryTests {
  @Test(
    "checklist 30: each freeze is answered by the first rung that helps, and each rung before it",
    arguments: [
      (ScriptedRung.restart, ["restart"]), (.reopen, ["restart", "restart", "reopen"]),
      (.reset, ["restart", "restart", "reopen", "reopen", "reset"]),
      (.reauthorize, ["restart", "restart", "reopen", "reopen", "reset", "reauthorize"]),
    ])
  func ladder(until: ScriptedRung, rungs: [String]) throws {
    let bench = ScriptedBench()
    bench.node.faults = [5: [.freeze(until: until)]]
    let session = try bench.open()
    let frames = try bench.frames(session, 10, timeout: .seconds(120))
    #expect(frames.count == 10)
    #expect(bench.rungs == rungs)
    #expect(bench.events.last == .recovered)
    #expect(session.counters.recoveries == Dictionary(rungs.map { ($0, 1) }, uniquingKeysWith: +))
    #expect(session.counters.lost[.recovery] ?? 0 > 25)
    bench.finish(session)
  }

  @Test("checklist 30: after the last rung the camera is frozen, and the descriptor closed") func frozen() throws {
    let bench = ScriptedBench()
    bench.node.faults = [5: [.freeze(until: .never)]]
    let session = try bench.open()
    _ = try bench.frames(session, 5)
    #expect(throws: CaptureError(.frozen, "", advice: "")) { try session.next(timeout: .seconds(600)) }
    #expect(bench.resetter.calls == ["reset", "reauthorize"])
    #expect(bench.kernel.openDescriptors == 1)
    #expect(throws: CaptureError(.frozen, "", advice: "")) { try session.next(timeout: .seconds(1)) }
    bench.finish(session)
  }

  @Test("checklist 30: a camera that nothing helps is reset six times an hour over all its openings, and no more")
  func boundedOverOpenings() throws {
    let bench = ScriptedBench()
    bench.node.faults = [5: [.freeze(until: .never)]]
    let camera = try bench.camera()
    func fail() throws {
      let session = try bench.open(camera)
      #expect(throws: CaptureError(.frozen, "", advice: "")) {
        while true { _ = try session.next(timeout: .seconds(600)) }
      }
      bench.finish(session)
    }
    for _ in 0..<5 { try fail() }
    #expect(bench.resetter.calls.count == 6)
    #expect(bench.notes.contains { $0.contains("reset 6 times within the hour") })
    bench.kernel.advance(milliseconds: 3_600_000)
    try fail()
    #expect(bench.resetter.calls.count == 8)
  }

  @Test("checklist 30: without USB there is nothing to reset") func notUSB() throws {
    let bench = ScriptedBench(isUSB: false)
    bench.node.faults = [5: [.freeze(until: .reset)]]
    let session = try bench.open()
    _ = try bench.frames(session, 5)
    #expect(throws: CaptureError(.frozen, "", advice: "")) { try session.next(timeout: .seconds(600)) }
    #expect(bench.rungs == ["restart", "restart", "reopen", "reopen"])
    bench.finish(session)
  }

  @Test("checklist 30: a reset that is not allowed is said, and the next rung follows") func noRight() throws {
    let bench = ScriptedBench()
    bench.resetter.refusal = CaptureError(.noPermission, "this account may not reset it", advice: "udev")
    bench.node.faults = [5: [.freeze(until: .reset)]]
    let session = try bench.open()
    _ = try bench.frames(session, 5)
    #expect(throws: CaptureError(.frozen, "", advice: "")) { try session.next(timeout: .seconds(600)) }
    #expect(bench.resetter.calls == ["reset", "reauthorize"])
    #expect(bench.notes.contains { $0.contains("may not reset") })
    bench.finish(session)
  }

  @Test(
    "checklist 30: the reset is an unplugging of our own: closed before, found again by identity, under another number")
  func renumbered() throws {
    let bench = ScriptedBench()
    bench.node.faults = [5: [.freeze(until: .reset)]]
    let session = try bench.open()
    _ = try bench.frames(session, 5)
    bench.resetter.reappearsAfter = 3_000_000_000
    let node = bench.node
    let kernel = bench.kernel
    // Runs before the reset makes the node anew.
    kernel.schedule.append((kernel.time + 1_000_000_000, { kernel.nodes = ["/dev/video9": node] }))
    #expect(try session.next(timeout: .seconds(120)) != nil)
    #expect(bench.resetter.calls == ["reset"])
    bench.finish(session)
  }

  @Test("checklist 30: a camera that does not come back after a reset is gone") func doesNotReturn() throws {
    let bench = ScriptedBench()
    bench.node.faults = [5: [.freeze(until: .reset)]]
    bench.resetter.reappearsAfter = 60_000_000_000
    let session = try bench.open()
    _ = try bench.frames(session, 5)
    #expect(throws: CaptureError(.gone, "", advice: "")) { try session.next(timeout: .seconds(600)) }
    bench.finish(session)
  }

  @Test("checklist 30: an interruption is heard in each pause, and the ladder goes on where it was") func interrupted()
    throws
  {
    let bench = ScriptedBench()
    bench.node.faults = [5: [.freeze(until: .reset)]]
    let session = try bench.open()
    _ = try bench.frames(session, 5)
    var interruptions = 0
    var frame: CapturedFrame?
    while frame == nil, interruptions < 200 {
      let at = bench.kernel.time + 230_000_000
      bench.kernel.schedule = bench.kernel.schedule.filter { $0.at > bench.kernel.time }
      bench.kernel.schedule.append((at, { session.interrupt() }))
      frame = try session.next(timeout: .seconds(600))
      #expect(bench.kernel.time <= at + 10_000_000)
      interruptions += 1
    }
    #expect(frame != nil)
    #expect(bench.rungs == ["restart", "restart", "reopen", "reopen", "reset"])
    bench.kernel.schedule = []
    bench.finish(session)
  }

  @Test("checklist 30: short time-outs do not start the ladder anew") func shortTimeouts() throws {
    let bench = ScriptedBench()
    bench.node.faults = [5: [.freeze(until: .reopen)]]
    let session = try bench.open()
    _ = try bench.frames(session, 5)
    var calls = 0
    while try session.next(timeout: .milliseconds(100)) == nil, calls < 1000 { calls += 1 }
    #expect(bench.rungs == ["restart", "restart", "reopen"])
    bench.finish(session)
  }

  @Test("unplugging while the ladder is climbed is gone, not frozen") func unplugMeanwhile() throws {
    let bench = ScriptedBench()
    bench.node.faults = [5: [.freeze(until: .never)]]
    let session = try bench.open()
    _ = try bench.frames(session, 5)
    let node = bench.node
    bench.kernel.schedule.append((bench.kernel.time + 2_000_000_000, { node.unplug() }))
    #expect(throws: CaptureError(.gone, "", advice: "")) { try session.next(timeout: .seconds(600)) }
    #expect(bench.resetter.calls.isEmpty)
    bench.finish(session)
  }

  @Test("another program that takes the camera while it is reopened is named") func takenMeanwhile() throws {
    let bench = ScriptedBench()
    bench.node.faults = [5: [.freeze(until: .reopen)]]
    bench.directory.holders = ["cheese (pid 12)"]
    let session = try bench.open()
    _ = try bench.frames(session, 5)
    bench.kernel.schedule.append(
      (bench.kernel.time + 1_500_000_000, { bench.kernel.openErrors["/dev/video0"] = EBUSY }))
    let error = #expect(throws: CaptureError(.busy, "", advice: "")) { try session.next(timeout: .seconds(600)) }
    #expect(error?.reason.contains("cheese") == true)
    bench.finish(session)
  }

  @Test("the ladder is pure: limits, pauses, and a new beginning after ten good seconds") func pure() {
    var ladder = RecoveryLadder(isUSB: true)
    let steps = (0..<7).map { _ in ladder.failed(at: 0) }
    #expect(
      steps.map { $0?.rung } == [.restart, .restart, .reopen, .reopen, .reset, .reauthorize, nil])
    #expect(steps.compactMap { $0?.pause } == [0, 500, 500, 1000, 1000, 2000].map { $0 * 1_000_000 })
    var other = RecoveryLadder(isUSB: true)
    #expect(other.frameCame(at: 0) == false)
    #expect(other.failed(at: 1)?.rung == .restart)
    #expect(other.frameCame(at: 10) == true)
    #expect(other.frameCame(at: 20) == false)
    // It did not last: one step further.
    #expect(other.failed(at: 9_000_000_000)?.rung == .restart)
    #expect(other.failed(at: 9_000_000_001)?.rung == .reopen)
    _ = other.frameCame(at: 10_000_000_000)
    #expect(other.failed(at: 20_000_000_000)?.rung == .restart)
    var silent = RecoveryLadder(isUSB: true)
    #expect(silent.failed(at: 0, lowest: .reset)?.rung == .reset)
    var bare = RecoveryLadder(isUSB: false)
    #expect(bare.failed(at: 0, lowest: .reset) == nil)
  }
}
