import CPumpkiiV4L2
import Glibc
import PumpkiiCapture
import PumpkiiV4L2
import Testing

@Suite struct BufferTests {
  @Test(
    "checklist 16: the driver makes fewer or more buffers than asked, and what it makes is used", arguments: [2, 3, 9])
  func grants(count: Int) throws {
    let bench = ScriptedBench()
    bench.node.grants = { _ in count }
    let session = try bench.open()
    #expect(bench.node.log.count { $0 == "QUERYBUF" } == count)
    #expect(bench.node.queues[1]?.queued.count == count)
    #expect(try bench.frames(session, 20).count == 20)
    bench.finish(session)
  }

  @Test("checklist 16: with fewer than two buffers nothing is started", arguments: [0, 1]) func tooFew(count: Int) {
    let bench = ScriptedBench()
    bench.node.grants = { _ in count }
    #expect(throws: CaptureError(.failed, "", advice: "")) { try bench.open() }
    bench.kernel.expectBalance()
  }

  @Test("checklist 17: an index that is none of ours is counted, not believed") func badIndex() throws {
    let bench = ScriptedBench()
    bench.node.faults = [3: [.badIndex]]
    let session = try bench.open()
    let frames = try bench.frames(session, 10)
    #expect(frames.count == 10)
    #expect(session.counters.lost == [.damaged: 1])
    #expect(session.counters.buffersLost == 1)
    bench.finish(session)
  }

  @Test("checklist 17: bytesused is the driver's word, and is cut to the buffer") func bytesUsed() throws {
    let bench = ScriptedBench()
    bench.node.faults = [1: [.oversized]]
    let session = try bench.open()
    let frames = try bench.frames(session, 3)
    #expect(frames[1].bytes.count == 4096)
    bench.finish(session)
  }

  @Test("checklist 18: a frame is copied and its buffer queued before the frame is handed out") func copies() throws {
    let bench = ScriptedBench()
    let session = try bench.open()
    let first = try #require(try session.next(timeout: .seconds(1)))
    #expect(bench.node.queues[1]?.queued.count == 4)
    _ = try bench.frames(session, 8)
    #expect(ScriptedNode.number(of: first.bytes) == 0)
    bench.finish(session)
  }

  @Test("checklist 21: a QBUF that is refused is tried once more") func retriedOnce() throws {
    let bench = ScriptedBench()
    bench.node.faults = [2: [.refuseBuffers(1)]]
    let session = try bench.open()
    _ = try bench.frames(session, 10)
    #expect(session.counters.buffersLost == 0)
    bench.finish(session)
  }

  @Test("checklist 21: refused twice a buffer is lost and counted, and the stream goes on with the others")
  func lostBuffer() throws {
    let bench = ScriptedBench()
    bench.node.faults = [2: [.refuseBuffers(2)]]
    let session = try bench.open()
    let frames = try bench.frames(session, 10)
    #expect(frames.count == 10)
    #expect(session.counters.buffersLost == 1)
    #expect(session.counters.recoveries.isEmpty)
    #expect(bench.node.queues[1]?.queued.count == 3)
    bench.finish(session)
  }

  @Test("checklist 21: before the pool is empty the stream is started anew in place") func poolRunsLow() throws {
    let bench = ScriptedBench()
    bench.node.faults = [2: [.refuseBuffers(6)]]
    let session = try bench.open()
    let frames = try bench.frames(session, 20)
    #expect(frames.count == 20)
    #expect(session.counters.buffersLost == 3)
    #expect(session.counters.recoveries == ["restart": 1])
    #expect(bench.node.queues[1]?.queued.count == 4)
    bench.finish(session)
  }

  @Test("checklist 22: a restart in place is STREAMOFF, munmap, REQBUFS 0, S_FMT, STREAMON on the same descriptor")
  func restart() throws {
    let bench = ScriptedBench()
    bench.node.faults = [3: [.fatal]]
    let session = try bench.open()
    let opened = bench.kernel.opened
    bench.node.log = []
    _ = try bench.frames(session, 6)
    let steps = bench.node.log.filter {
      ["STREAMOFF", "REQBUFS", "S_FMT", "STREAMON", "open"].contains($0)
    }
    #expect(steps == ["STREAMOFF", "REQBUFS", "S_FMT", "REQBUFS", "STREAMON"])
    #expect(bench.kernel.opened == opened)
    // REQBUFS 0 would have been EBUSY with a buffer still mapped: this driver keeps no orphans.
    #expect(bench.kernel.mappings - bench.kernel.unmappings == 4)
    bench.finish(session)
  }

  @Test("checklist 23: a buffer lent before a restart is not queued into the stream after it") func generations() throws
  {
    let bench = ScriptedBench(ScriptedNode([.yuyv()]))
    bench.node.exports = true
    bench.node.faults = [3: [.fatal]]
    let session = try bench.open(CameraWish(lendsBuffers: true))
    let frames = try bench.frames(session, 3)
    let old = try #require(frames.last?.lent)
    bench.kernel.advance(milliseconds: 40)
    _ = try session.next(timeout: .seconds(1))
    #expect(old.copy().isEmpty)
    // A QBUF too many would have been EINVAL, and counted.
    #expect(session.counters.buffersLost == 1, "the one that met EIO")
    #expect(bench.node.queues[1]?.queued.count == 3, "the others, but the one that is lent now")
    bench.finish(session)
  }
}
