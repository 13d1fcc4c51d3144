import CPumpkiiV4L2
import Glibc
import PumpkiiCapture
import PumpkiiV4L2
import Testing

@Suite struct BadFrameTests {
  @Test("checklist 31: a buffer with the error flag is dropped and counted; its number is not lost twice")
  func flagged() throws {
    let bench = ScriptedBench()
    bench.node.faults = [3: [.errorFlag], 4: [.errorFlag]]
    let session = try bench.open()
    let frames = try bench.frames(session, 6)
    #expect(frames.map(\.sequence) == [0, 1, 2, 5, 6, 7])
    #expect(session.counters.lost == [.damaged: 2])
    bench.finish(session)
  }

  @Test("checklist 31: what the driver drops by itself shows as a gap in its numbers, and is counted as lost")
  func gaps() throws {
    let bench = ScriptedBench()
    bench.node.faults = [2: [.lose], 3: [.lose], 7: [.lose]]
    let session = try bench.open()
    let frames = try bench.frames(session, 6)
    #expect(frames.map(\.sequence) == [0, 1, 4, 5, 6, 8])
    #expect(session.counters.lost == [.gap: 3])
    bench.finish(session)
  }

  @Test("checklist 35: a raw frame that is too short is dropped, and so is one without a byte") func short() throws {
    let bench = ScriptedBench(ScriptedNode([.yuyv()]))
    bench.node.faults = [1: [.short(640 * 480)], 3: [.empty]]
    let session = try bench.open()
    let frames = try bench.frames(session, 4)
    #expect(frames.map(\.sequence) == [0, 2, 4, 5])
    #expect(frames.allSatisfy { $0.bytes.count == 640 * 480 * 2 })
    #expect(session.counters.lost == [.short: 2])
    bench.finish(session)
  }

  @Test("checklist 35: a coded frame has no size of its own: short ones pass, empty ones do not") func shortCoded()
    throws
  {
    let bench = ScriptedBench()
    bench.node.faults = [1: [.short(7)], 3: [.empty]]
    let session = try bench.open()
    let frames = try bench.frames(session, 4)
    #expect(frames.map(\.bytes.count) == [1000, 7, 1000, 1000])
    #expect(session.counters.lost == [.short: 1])
    bench.finish(session)
  }

  @Test(
    "checklist 36: after a USB stall every buffer comes back damaged, with number 0 and time 0, which count for nothing"
  )
  func stall() throws {
    let bench = ScriptedBench()
    bench.node.faults = [5: [.stall]]
    let session = try bench.open()
    let frames = try bench.frames(session, 12)
    #expect(session.counters.lost[.damaged] == 4)
    #expect(session.counters.lost[.gap] == nil)
    #expect(frames.allSatisfy { !$0.isTimestampOurs })
    for (before, after) in zip(frames, frames.dropFirst()) {
      #expect(after.timestamp > before.timestamp)
      #expect(after.timestamp - before.timestamp < 100_000_000)
    }
    bench.finish(session)
  }

  @Test("checklist 37: the first frames of a stream are not left out") func firstFrames() throws {
    let bench = ScriptedBench()
    let session = try bench.open()
    let frame = try #require(try session.next(timeout: .seconds(1)))
    #expect(ScriptedNode.number(of: frame.bytes) == 0)
    bench.finish(session)
  }

  @Test("a camera that gives nothing but damaged frames is restarted like one that gives none") func nothingButDamage()
    throws
  {
    let bench = ScriptedBench()
    for frame in 5..<60 { bench.node.faults[UInt64(frame)] = [.errorFlag] }
    let session = try bench.open()
    #expect(try bench.frames(session, 10).count == 10)
    #expect(session.counters.recoveries["restart"] ?? 0 >= 1)
    bench.finish(session)
  }
}
