import CPumpkiiV4L2
import Glibc
import PumpkiiCapture
import PumpkiiV4L2
import Testing

@Suite struct LendingTests {
  private func bench(exports: Bool = true) -> ScriptedBench {
    let bench = ScriptedBench(ScriptedNode([.of(PK_FOURCC_NV12M, [.init(320, 180)])]), isUSB: false)
    bench.node.beMultiplanar()
    bench.node.exports = exports
    return bench
  }

  @Test("checklist 19: a lent buffer goes back at the session's next call, and only then") func lends() throws {
    let bench = bench()
    let session = try bench.open(CameraWish(lendsBuffers: true))
    let frame = try #require(try session.next(timeout: .seconds(1)))
    let lent = try #require(frame.lent)
    #expect(frame.bytes.isEmpty)
    #expect(lent.descriptors.count == 2)
    #expect(lent.used == [320 * 180, 320 * 90])
    #expect(frame.contents.count == 320 * 180 * 3 / 2)
    #expect(ScriptedNode.number(of: lent.copy()) == 0)
    #expect(bench.node.queues[9]?.queued.count == 3)
    let next = try #require(try session.next(timeout: .seconds(1)))
    #expect(lent.copy().isEmpty, "it belongs to the driver again")
    #expect(ScriptedNode.number(of: next.contents) == 1)
    #expect(bench.node.queues[9]?.queued.count == 3)
    bench.finish(session)
  }

  @Test("checklist 18: however slow the reader, the driver keeps buffers to fill") func alwaysQueued() throws {
    let bench = bench()
    let session = try bench.open(CameraWish(lendsBuffers: true))
    for _ in 0..<10 {
      _ = try session.next(timeout: .seconds(1))
      #expect((bench.node.queues[9]?.queued.count ?? 0) >= 1)
      bench.kernel.advance(milliseconds: 20)
    }
    bench.finish(session)
  }

  @Test("checklist 47: DMABUF descriptors are closed before the buffers are freed, each plane's") func closes() throws {
    let bench = bench()
    let session = try bench.open(CameraWish(lendsBuffers: true))
    #expect(bench.node.log.count { $0 == "EXPBUF" } == 8)
    bench.finish(session)
  }

  @Test("checklist 47: a driver without EXPBUF has its frames copied, and it is said") func withoutExport() throws {
    let bench = bench(exports: false)
    let session = try bench.open(CameraWish(lendsBuffers: true))
    let frame = try #require(try session.next(timeout: .seconds(1)))
    #expect(frame.lent == nil)
    #expect(frame.bytes.count == 320 * 180 * 3 / 2)
    #expect(bench.notes.contains { $0.contains("copied") })
    bench.finish(session)
  }

  @Test("checklist 47: MJPEG is never lent") func neverCoded() throws {
    let bench = ScriptedBench()
    bench.node.exports = true
    let session = try bench.open(CameraWish(lendsBuffers: true))
    #expect(try session.next(timeout: .seconds(1))?.lent == nil)
    #expect(!bench.node.log.contains("EXPBUF"))
    bench.finish(session)
  }
}
