import PumpkiiCapture
import PumpkiiV4L2
import Testing

@Suite(.timeLimit(.minutes(10))) struct ReaderOfScriptedCameraTests {
  @Test("a reader of a V4L2 camera gives its frames, then what ended them, and everything back to the kernel")
  func unplugged() async throws {
    let bench = ScriptedBench()
    bench.node.faults = [6: [.unplug]]
    let reader = CameraReader(try bench.camera())
    var frames = reader.frames(buffering: 100).makeAsyncIterator()
    for number in 0..<6 {
      let frame = try #require(try await frames.next())
      #expect(ScriptedNode.number(of: frame.bytes) == UInt64(number))
    }
    await #expect(throws: CaptureError(.gone, "", advice: "")) { _ = try await frames.next() }
    bench.kernel.expectBalance()
  }

  @Test("stopping a reader of a V4L2 camera gives everything back to the kernel")
  func stopped() async throws {
    let bench = ScriptedBench()
    // The scripted clock runs as fast as it is asked, and the order to stop comes in real time.
    bench.kernel.isPaced = true
    let reader = CameraReader(try bench.camera())
    #expect(try await reader.start().width == 1280)
    var frames = reader.frames(buffering: 1).makeAsyncIterator()
    #expect(try await frames.next() != nil)
    await reader.stop()
    bench.kernel.expectBalance()
  }
}
