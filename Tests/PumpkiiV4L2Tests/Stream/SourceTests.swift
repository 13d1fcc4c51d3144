import CPumpkiiV4L2
import Glibc
import PumpkiiCapture
import PumpkiiV4L2
import Testing

@Suite struct SourceTests {
  private func hdmi() -> ScriptedBench {
    let bench = ScriptedBench(
      ScriptedNode([.yuyv([.init(640, 480, [60, 30]), .init(320, 180, [60, 30])])]), isUSB: false)
    bench.node.timings = .present(width: 640, height: 480)
    bench.node.hasSourceEvents = true
    return bench
  }

  @Test("checklist 28: a webcam refuses SOURCE_CHANGE, which is no error") func refused() throws {
    let bench = ScriptedBench()
    let session = try bench.open()
    #expect(try session.next(timeout: .seconds(1)) != nil)
    bench.finish(session)
  }

  @Test("checklist 28: another source is taken over with its size, and said before its first frame") func change()
    throws
  {
    let bench = hdmi()
    bench.node.faults = [3: [.source(.present(width: 320, height: 180))]]
    let session = try bench.open()
    #expect(session.format.width == 640)
    let frames = try bench.frames(session, 8)
    #expect(session.format.width == 320)
    #expect(frames.last?.bytes.count == 320 * 180 * 2)
    #expect(bench.events.contains(.formatChanged))
    #expect(bench.rungs.isEmpty, "it is no fault")
    bench.finish(session)
  }

  @Test("checklist 12: a signal that goes stops the stream, whose frames are noise, until it is back") func signal()
    throws
  {
    let bench = hdmi()
    bench.node.faults = [3: [.source(.absent(ENOLINK))]]
    let session = try bench.open()
    _ = try bench.frames(session, 3)
    #expect(try session.next(timeout: .seconds(7)) == nil)
    #expect(bench.events.last == .signal(isPresent: false))
    #expect(bench.rungs.isEmpty)
    // Its return is an event, too, which waits until then.
    bench.node.timings = .present(width: 640, height: 480)
    bench.node.postSourceChange()
    #expect(try session.next(timeout: .seconds(2)) != nil)
    #expect(bench.events.last == .signal(isPresent: true))
    #expect(session.counters.lost[.recovery] == nil)
    bench.finish(session)
  }

  @Test("checklist 29: the shutter is told at opening and at each change, while frames go on") func shutter() throws {
    let bench = ScriptedBench()
    bench.node.controls = [
      ScriptedControl(
        id: UInt32(V4L2_CID_PRIVACY), name: "Privacy", type: 2, maximum: 1, flags: UInt32(V4L2_CTRL_FLAG_READ_ONLY),
        value: 0)
    ]
    bench.node.faults = [4: [.privacy(true)], 5: [.privacy(true)], 8: [.privacy(false)]]
    let session = try bench.open()
    #expect(try bench.frames(session, 12).count == 12)
    let told = bench.events.compactMap { if case .shutter(let isClosed) = $0 { isClosed } else { nil } }
    #expect(told == [false, true, false])
    #expect(session.counters.totalLost == 0)
    bench.finish(session)
  }

  @Test("checklist 29: what a shutter does while the camera is closed is read, and told at the next opening")
  func shutterWhileClosed() throws {
    let bench = ScriptedBench()
    let privacy = UInt32(V4L2_CID_PRIVACY)
    bench.node.controls = [
      ScriptedControl(
        id: privacy, name: "Privacy", type: 2, maximum: 1, flags: UInt32(V4L2_CTRL_FLAG_READ_ONLY), value: 0)
    ]
    bench.finish(try bench.open())
    for isClosed in [true, false, true] {
      bench.node.setControl(privacy, isClosed ? 1 : 0)
      #expect(try bench.camera().readShutter() == isClosed)
      bench.finish(try bench.open())
    }
    bench.node.setControl(privacy, 0)
    bench.finish(try bench.open())
    let told = bench.events.compactMap { if case .shutter(let isClosed) = $0 { isClosed } else { nil } }
    #expect(told == [false, true, false, true, false])
  }

  @Test("checklist 29: without the control nothing is subscribed to or said") func noShutter() throws {
    let bench = ScriptedBench()
    let session = try bench.open()
    _ = try bench.frames(session, 2)
    #expect(bench.node.subscriptions.isEmpty)
    #expect(!bench.events.contains { if case .shutter = $0 { true } else { false } })
    bench.finish(session)
  }

  @Test("checklist 20: after a stall of the reader the newest frame is given and the older ones counted") func stale()
    throws
  {
    let bench = ScriptedBench()
    let session = try bench.open()
    _ = try bench.frames(session, 10)
    bench.kernel.advance(milliseconds: 1500)
    let frame = try #require(try session.next(timeout: .seconds(1)))
    #expect(ScriptedNode.number(of: frame.bytes) == 13)
    #expect(frame.sequence == 13)
    #expect(session.counters.lost == [.stale: 3])
    _ = try bench.frames(session, 2)
    #expect(session.counters.lost[.gap] ?? 0 > 35)
    bench.finish(session)
  }

  @Test("checklist 20: without timestamps of the driver a stall shows in how long nobody asked") func staleOurs() throws
  {
    let bench = ScriptedBench()
    bench.node.timestampFlags = 1
    let session = try bench.open()
    _ = try bench.frames(session, 10)
    bench.kernel.advance(milliseconds: 1500)
    _ = try session.next(timeout: .seconds(1))
    #expect(session.counters.lost == [.stale: 3])
    bench.finish(session)
  }

  @Test("checklist 20: a reader that is a little late gets every frame") func late() throws {
    let bench = ScriptedBench()
    let session = try bench.open()
    for number in 0..<30 {
      if number % 3 == 0 { bench.kernel.advance(milliseconds: 60) }
      _ = try session.next(timeout: .seconds(1))
    }
    #expect(session.counters.totalLost == 0)
    bench.finish(session)
  }
}
