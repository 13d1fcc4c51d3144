import CPumpkiiV4L2
import Glibc
import PumpkiiCapture
import PumpkiiV4L2
import Testing

@Suite struct CaptureLoopTests {
  @Test("a healthy camera costs one poll, one DQBUF and one QBUF a frame") func cost() throws {
    let bench = ScriptedBench()
    let session = try bench.open()
    let polls = bench.kernel.polls
    bench.node.log = []
    let frames = try bench.frames(session, 100)
    #expect(frames.map(\.sequence) == Array(0..<100))
    #expect(frames.map { ScriptedNode.number(of: $0.bytes) } == Array(0..<100))
    #expect(bench.kernel.polls - polls == 100)
    #expect(bench.node.log.count { $0 == "DQBUF" } == 100)
    #expect(bench.node.log.count { $0 == "QBUF" } == 100)
    #expect(bench.node.log.count == 200)
    bench.finish(session)
  }
}
