import CPumpkiiV4L2
import Glibc
import PumpkiiCapture
import PumpkiiV4L2
import Testing

@Suite struct TimeTests {
  @Test("checklist 38: a field of ANY, which drivers should not answer, is progressive") func field() throws {
    let bench = ScriptedBench()
    bench.node.field = 0
    let session = try bench.open()
    #expect(try bench.frames(session, 3).count == 3)
    bench.finish(session)
  }

  @Test("checklist 39: the timestamp counts only where its flag says monotonic") func flags() throws {
    let bench = ScriptedBench()
    let session = try bench.open()
    let frame = try #require(try session.next(timeout: .seconds(1)))
    #expect(!frame.isTimestampOurs)
    bench.node.timestampFlags = UInt32(V4L2_BUF_FLAG_MAPPED)
    bench.kernel.advance(milliseconds: 10)
    let ours = try #require(try session.next(timeout: .seconds(1)))
    #expect(ours.isTimestampOurs)
    #expect(ours.timestamp == bench.kernel.time)
    bench.finish(session)
  }

  @Test("checklist 40: a timestamp that lies in the future is brought to the present: no age is negative") func future()
    throws
  {
    let bench = ScriptedBench()
    bench.node.faults = [2: [.future(14_000_000)], 4: [.future(90_000_000_000)]]
    let session = try bench.open()
    for number in 0..<8 {
      let frame = try #require(try session.next(timeout: .seconds(1)))
      #expect(frame.timestamp <= bench.kernel.time)
      #expect(frame.isTimestampOurs == (number == 4))
    }
    #expect(session.counters.totalLost == 0)
    bench.finish(session)
  }

  @Test(
    "checklist 41: absurd timestamps trap nothing and are replaced by ours",
    arguments: [
      (9_223_372_020, 870_000), (Int.max, 999_999), (-1, 0), (0, 0), (5, -7), (5, 2_000_000), (Int.min, Int.max),
    ])
  func absurd(seconds: Int, microseconds: Int) throws {
    let bench = ScriptedBench()
    bench.node.faults = [2: [.time(seconds: seconds, microseconds: microseconds)]]
    let session = try bench.open()
    let frames = try bench.frames(session, 5)
    #expect(frames.map(\.isTimestampOurs) == [false, false, true, false, false])
    for (before, after) in zip(frames, frames.dropFirst()) { #expect(after.timestamp >= before.timestamp) }
    bench.finish(session)
  }

  @Test("checklist 41: the driver's number wraps at 2^32 without a loss") func wrap() throws {
    let bench = ScriptedBench()
    bench.node.firstSequence = .max - 2
    bench.node.faults = [4: [.lose]]
    let session = try bench.open()
    #expect(try bench.frames(session, 6).map(\.sequence) == [0, 1, 2, 3, 5, 6])
    #expect(session.counters.lost == [.gap: 1])
    bench.finish(session)
  }

  @Test("checklist 42: numbers may begin anywhere, repeat, go back and jump; nothing asserts") func sequences() throws {
    let bench = ScriptedBench()
    bench.node.firstSequence = 22
    bench.node.faults = [
      1: [.sequence(24)], 2: [.sequence(24)], 3: [.sequence(26)], 5: [.sequence(3)], 6: [.sequence(900_000_000)],
    ]
    let session = try bench.open()
    let frames = try bench.frames(session, 8)
    #expect(frames.map(\.sequence) == [0, 2, 3, 5, 6, 7, 8, 9])
    #expect(session.counters.lost == [.gap: 2])
    bench.finish(session)
  }
}
