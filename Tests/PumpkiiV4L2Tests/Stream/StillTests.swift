import CPumpkiiV4L2
import Glibc
import PumpkiiCapture
import PumpkiiV4L2
import Testing

@Suite struct StillTests {
  private func bench(_ sizes: [ScriptedFormat.Size] = [.init(1280, 720), .init(1920, 1080), .init(640, 480)])
    -> ScriptedBench
  {
    ScriptedBench(ScriptedNode([.yuyv([.init(2048, 1536, [3])]), .mjpeg(sizes)]))
  }

  @Test("a photo has the largest JPEG size, and the frames that are missing for it are counted as such") func still()
    throws
  {
    let bench = bench()
    let session = try bench.open()
    _ = try bench.frames(session, 5)
    let still = try #require(try session.takeStill())
    #expect(still.format.pixels == .mjpeg)
    #expect(still.format.width == 1920)
    #expect(still.format.height == 1080)
    #expect(session.format.width == 1280)
    let frames = try bench.frames(session, 5)
    let missing = UInt64(frames[0].sequence) - 5
    #expect((14...25).contains(missing), "\(missing)")
    #expect(session.counters.lost == [.still: missing])
    #expect(!bench.events.contains(.formatChanged))
    #expect(bench.rungs.isEmpty)
    bench.finish(session)
  }

  @Test("checklist 37: the first half second after the switch is left out, and at least two frames") func settles()
    throws
  {
    let bench = bench()
    let session = try bench.open()
    _ = try bench.frames(session, 5)
    let still = try #require(try session.takeStill())
    #expect(ScriptedNode.number(of: still.frame.bytes) >= 5 + 14)
    bench.finish(session)
    let slow = self.bench([.init(1280, 720), .init(1920, 1080, [1])])
    let other = try slow.open()
    _ = try slow.frames(other, 5)
    let late = try #require(try other.takeStill())
    #expect(ScriptedNode.number(of: late.frame.bytes) == 7)
    slow.finish(other)
  }

  @Test("where no JPEG is larger the largest raw picture is taken") func raw() throws {
    let bench = bench([.init(1280, 720)])
    let session = try bench.open()
    let still = try #require(try session.takeStill())
    #expect(still.format.pixels == .yuyv)
    #expect(still.frame.bytes.count == 2048 * 1536 * 2)
    bench.finish(session)
  }

  @Test("a camera whose stream is as large as any takes no photo of its own") func none() throws {
    let bench = ScriptedBench()
    let session = try bench.open()
    bench.node.log = []
    #expect(try session.takeStill() == nil)
    #expect(bench.node.log.isEmpty)
    bench.finish(session)
  }

  @Test("a photo that cannot be taken leaves the stream as it was") func refused() throws {
    let bench = bench()
    let session = try bench.open()
    _ = try bench.frames(session, 5)
    bench.node.failures[PK_VIDIOC_STREAMON] = [ENOSPC]
    #expect(try session.takeStill() == nil)
    #expect(bench.notes.contains { $0.contains("no picture") })
    #expect(try bench.frames(session, 5).count == 5)
    bench.finish(session)
  }

  @Test("damaged pictures are no photo") func damaged() throws {
    let bench = bench()
    for number in 5..<30 { bench.node.faults[UInt64(number)] = [.errorFlag] }
    let session = try bench.open()
    _ = try bench.frames(session, 5)
    let still = try #require(try session.takeStill())
    #expect(ScriptedNode.number(of: still.frame.bytes) >= 32)
    bench.finish(session)
  }

  @Test("a camera that is unplugged for a photo is gone") func unplugged() throws {
    let bench = bench()
    bench.node.faults = [8: [.unplug]]
    let session = try bench.open()
    _ = try bench.frames(session, 5)
    #expect(throws: CaptureError(.gone, "", advice: "")) { try session.takeStill() }
    bench.finish(session)
  }
}
