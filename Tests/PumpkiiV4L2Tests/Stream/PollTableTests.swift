import CPumpkiiV4L2
import Glibc
import PumpkiiCapture
import PumpkiiV4L2
import Testing

/// Table 1.4 of what poll(2) and the calls after it say.
@Suite struct PollTableTests {
  @Test("checklist 24, 29: (table 1.4, events) PRI with or without IN is drained, and capturing goes on") func events()
    throws
  {
    let bench = ScriptedBench()
    bench.node.controls = [ScriptedControl(id: UInt32(V4L2_CID_PRIVACY), name: "Privacy", value: 0)]
    bench.node.faults = [2: [.privacy(true)], 3: [.privacy(false), .lose]]
    let session = try bench.open()
    #expect(try bench.frames(session, 6).count == 6)
    #expect(bench.node.events.isEmpty)
    bench.finish(session)
  }

  @Test("checklist 25, 26: (table 1.4, fatal error) ERR and EIO are answered by a restart in place, which helps")
  func fatal() throws {
    let bench = ScriptedBench()
    bench.node.faults = [3: [.fatal]]
    let session = try bench.open()
    #expect(try bench.frames(session, 10).count == 10)
    #expect(bench.rungs == ["restart"])
    #expect(bench.events.last == .recovered)
    #expect(session.counters.recoveries == ["restart": 1])
    bench.finish(session)
  }

  @Test("checklist 4: (table 1.4, unplugged) ERR, HUP and PRI with ENODEV everywhere is the end, at once")
  func unplugged() throws {
    let bench = ScriptedBench()
    bench.node.faults = [3: [.unplug]]
    let session = try bench.open()
    _ = try bench.frames(session, 3)
    let before = bench.kernel.time
    #expect(throws: CaptureError(.gone, "", advice: "")) { try session.next(timeout: .seconds(30)) }
    #expect(bench.kernel.time - before < 100_000_000)
    #expect(bench.rungs.isEmpty)
    bench.finish(session)
  }

  @Test("checklist 25: (table 1.4, no buffer queued) ERR with EINVAL is a restart, never a busy loop")
  func nothingQueued() throws {
    let bench = ScriptedBench()
    let session = try bench.open()
    _ = try bench.frames(session, 2)
    bench.node.stopAll()
    let polls = bench.kernel.polls
    #expect(try bench.frames(session, 5).count == 5)
    #expect(bench.kernel.polls - polls < 12)
    #expect(bench.rungs == ["restart"])
    bench.finish(session)
  }

  @Test("checklist 24: (table 1.4, frozen) no more than the time-out passes before the first rung") func frozen() throws
  {
    let bench = ScriptedBench()
    bench.node.faults = [30: [.freeze(until: .restart)]]
    let session = try bench.open()
    _ = try bench.frames(session, 30)
    let before = bench.kernel.time
    let frame = try #require(try session.next(timeout: .seconds(30)))
    #expect(bench.kernel.time - before < 1_200_000_000)
    #expect(bench.rungs == ["restart"])
    #expect(frame.sequence > 55)
    #expect(session.counters.lost[.recovery] == UInt64(frame.sequence) - 30)
    bench.finish(session)
  }

  @Test("checklist 24: a camera is frozen after five of its intervals, but not before a second") func patience() throws
  {
    let bench = ScriptedBench(ScriptedNode([.mjpeg([.init(1280, 720, [2])])]))
    bench.node.faults = [3: [.freeze(until: .restart)]]
    let session = try bench.open(CameraWish(rate: 2))
    _ = try bench.frames(session, 3)
    #expect(try session.next(timeout: .milliseconds(2400)) == nil)
    #expect(bench.rungs.isEmpty)
    _ = try session.next(timeout: .milliseconds(300))
    #expect(bench.rungs == ["restart"])
    bench.finish(session)
  }

  @Test("checklist 24: exposure in the dark that halves the rate is no freeze") func dark() throws {
    let bench = ScriptedBench()
    bench.node.faults = [3: [.rate(5)]]
    let session = try bench.open()
    #expect(try bench.frames(session, 20).count == 20)
    #expect(bench.rungs.isEmpty)
    bench.finish(session)
  }

  @Test("checklist 24: the first frame may take four seconds") func firstFrame() throws {
    let bench = ScriptedBench()
    bench.node.firstFrameAfter = 3_500_000_000
    let session = try bench.open()
    #expect(try session.next(timeout: .seconds(5)) != nil)
    #expect(bench.rungs.isEmpty)
    bench.finish(session)
  }

  @Test("checklist 24: a wish for another patience is kept to") func wish() throws {
    let bench = ScriptedBench()
    bench.node.faults = [3: [.freeze(until: .restart)]]
    let session = try bench.open(CameraWish(frozenAfter: 3_000_000_000))
    _ = try bench.frames(session, 3)
    #expect(try session.next(timeout: .milliseconds(2900)) == nil)
    #expect(bench.rungs.isEmpty)
    #expect(try session.next(timeout: .seconds(1)) != nil)
    #expect(bench.rungs == ["restart"])
    bench.finish(session)
  }

  @Test("checklist 24: a reader that was away does not make the camera frozen") func away() throws {
    let bench = ScriptedBench()
    let session = try bench.open()
    _ = try bench.frames(session, 3)
    bench.kernel.advance(milliseconds: 20_000)
    #expect(try session.next(timeout: .milliseconds(1)) != nil)
    #expect(bench.rungs.isEmpty)
    bench.finish(session)
  }

  @Test("checklist 26: EIO at DQBUF is a restart, and no buffer of the old stream is used again") func eio() throws {
    let bench = ScriptedBench()
    let session = try bench.open()
    bench.node.failures[PK_VIDIOC_DQBUF] = [0, 0, EIO]
    #expect(try bench.frames(session, 6).count == 6)
    #expect(bench.rungs == ["restart"])
    bench.finish(session)
  }

  @Test("checklist 27: EAGAIN after IN is legal: nothing is lost and nothing recovered") func eagain() throws {
    let bench = ScriptedBench()
    let session = try bench.open()
    _ = try bench.frames(session, 2)
    bench.node.spuriousReadiness = 5
    let frames = try bench.frames(session, 3)
    #expect(frames.map(\.sequence) == [2, 3, 4])
    #expect(session.counters.totalLost == 0)
    #expect(bench.rungs.isEmpty)
    bench.finish(session)
  }

  @Test("checklist 27: a readiness that never ends and gives nothing does not burn a core") func endless() throws {
    let bench = ScriptedBench()
    bench.node.faults = [2: [.freeze(until: .never)]]
    let session = try bench.open()
    _ = try bench.frames(session, 2)
    bench.node.spuriousReadiness = .max
    let polls = bench.kernel.polls
    #expect(try session.next(timeout: .milliseconds(500)) == nil)
    #expect(bench.kernel.polls - polls < 250)
    bench.node.spuriousReadiness = 0
    bench.finish(session)
  }

  @Test("interrupt() ends a wait at once, also one that comes before it") func interrupt() throws {
    let bench = ScriptedBench()
    bench.node.faults = [2: [.freeze(until: .never)]]
    let session = try bench.open()
    session.interrupt()
    #expect(try session.next(timeout: .seconds(5)) == nil)
    _ = try bench.frames(session, 2)
    let at = bench.kernel.time + 300_000_000
    bench.kernel.schedule.append((at, { session.interrupt() }))
    #expect(try session.next(timeout: .milliseconds(900)) == nil)
    #expect(bench.kernel.time == at)
    bench.finish(session)
    session.interrupt()
  }

  @Test("the time-out is kept to") func timeout() throws {
    let bench = ScriptedBench()
    bench.node.firstFrameAfter = 2_000_000_000
    let session = try bench.open()
    let before = bench.kernel.time
    #expect(try session.next(timeout: .milliseconds(250)) == nil)
    #expect(bench.kernel.time - before == 250_000_000)
    #expect(try session.next(timeout: .zero) == nil)
    bench.finish(session)
  }

  @Test("checklist 25: ERR without an end, and nothing to dequeue, is answered by a restart within a few looks")
  func errAlone() throws {
    let bench = ScriptedBench()
    let session = try bench.open()
    _ = try bench.frames(session, 2)
    bench.node.stopAll()
    bench.node.failures[PK_VIDIOC_DQBUF] = [Int32](repeating: EAGAIN, count: 9)
    let polls = bench.kernel.polls
    _ = try session.next(timeout: .milliseconds(200))
    #expect(bench.kernel.polls - polls < 60)
    #expect(bench.rungs.first == "restart")
    bench.node.failures = [:]
    bench.finish(session)
  }

  @Test("a patience of nothing is none: a camera is not restarted between two of its frames") func noPatience() throws {
    let bench = ScriptedBench()
    let session = try bench.open(CameraWish(frozenAfter: 0))
    #expect(try bench.frames(session, 10).count == 10)
    #expect(bench.rungs.isEmpty)
    bench.finish(session)
  }
}
