import CPumpkiiV4L2
import Glibc
import PumpkiiCapture
import PumpkiiV4L2
import Testing

@Suite struct NegotiationTests {
  @Test("checklist 9: S_FMT answers, it does not obey: what was answered is read back") func answers() throws {
    let node = ScriptedNode([.mjpeg([.init(1280, 720)]), .yuyv([.init(640, 480)])])
    let bench = ScriptedBench(node)
    let kernel = bench.kernel
    let handle = try V4L2Handle(path: "/dev/video0", kernel: kernel)
    let answer = try handle.setFormat(.capture, fourcc: PK_FOURCC_H264, width: 4000, height: 3000)
    #expect(answer.fourcc == PK_FOURCC_MJPEG)
    #expect(answer.width == 1280)
    #expect(answer.height == 720)
    handle.close()
    kernel.expectBalance()
  }

  @Test("checklist 9: EINVAL falls back to the next format in the fixed order; another errno does not") func fallsBack()
    throws
  {
    let bench = ScriptedBench(ScriptedNode([.mjpeg(), .yuyv()]))
    bench.node.failures[PK_VIDIOC_S_FMT] = [EINVAL]
    let session = try bench.open()
    #expect(session.format.pixels == .yuyv)
    #expect(bench.notes.contains { $0.contains("the camera answered yuyv 640×480") })
    bench.finish(session)
    bench.node.failures[PK_VIDIOC_S_FMT] = [EBUSY]
    #expect(throws: CaptureError(.busy, "", advice: "")) { try bench.open() }
    bench.node.refusals[PK_VIDIOC_S_FMT] = EINVAL
    #expect(throws: CaptureError(.unsupported, "", advice: "")) { try bench.open() }
    bench.kernel.expectBalance()
  }

  @Test("checklist 9: a format we do not know is not used, even where the driver insists") func unknown() throws {
    let bench = ScriptedBench(ScriptedNode([.of(PK_FOURCC_FWHT, [.init(640, 480)])]))
    let error = #expect(throws: CaptureError(.unsupported, "", advice: "")) { try bench.open() }
    #expect(error?.reason.contains("FWHT") == true)
    bench.kernel.expectBalance()
  }

  @Test("checklist 9: lines are as long as the driver says, which is not width times depth") func stride() throws {
    let bench = ScriptedBench(ScriptedNode([.yuyv([.init(322, 180)], alignment: 256)]))
    let session = try bench.open()
    #expect(session.format.bytesPerLine == 768)
    #expect(try session.next(timeout: .seconds(1))?.bytes.count == 768 * 180)
    bench.finish(session)
    let tight = ScriptedBench(ScriptedNode([.yuyv([.init(320, 180)])]))
    let other = try tight.open()
    #expect(other.format.bytesPerLine == 0)
    tight.finish(other)
  }

  @Test("checklist 9: the stride of the last size is not asked for again") func staleStride() throws {
    let node = ScriptedNode([.yuyv([.init(1280, 720), .init(320, 180)])])
    node.format = (0, 1280, 720, 2560)
    let kernel = ScriptedKernel(["/dev/video0": node])
    let handle = try V4L2Handle(path: "/dev/video0", kernel: kernel)
    let answer = try handle.setFormat(.capture, fourcc: PK_FOURCC_YUYV, width: 320, height: 180)
    #expect(answer.planes == [NodeFormat.Plane(bytesPerLine: 640, size: 640 * 180)])
    handle.close()
  }

  @Test("checklist 11: a rate is set after S_FMT and before STREAMON, and read back") func rate() throws {
    let bench = ScriptedBench(ScriptedNode([.mjpeg([.init(1280, 720, [30, 15])])]))
    let session = try bench.open(CameraWish(rate: 14))
    #expect(session.format.rate.value == 15)
    #expect(bench.node.rate == 15)
    let order = bench.node.log.filter { ["S_FMT", "S_PARM", "STREAMON"].contains($0) }
    #expect(order == ["S_FMT", "S_PARM", "STREAMON"])
    bench.finish(session)
  }

  @Test("checklist 11: without TIMEPERFRAME nothing is set, and ENOTTY is normal", arguments: [false, nil])
  func noRate(setsRate: Bool?) throws {
    let bench = ScriptedBench()
    bench.node.setsRate = setsRate
    let session = try bench.open()
    #expect(session.format.rate.value == 30)
    #expect(!bench.node.log.contains("S_PARM"))
    bench.finish(session)
  }

  @Test("checklist 13: two planes whose lines fit together are joined as they are") func joined() throws {
    let bench = ScriptedBench(ScriptedNode([.of(PK_FOURCC_NV12M, [.init(322, 180)], alignment: 64)]))
    bench.node.beMultiplanar()
    let session = try bench.open()
    #expect(
      session.format
        == VideoFormat(
          pixels: .nv12, width: 322, height: 180, bytesPerLine: 384, rate: VideoFormat.Ratio(30000, 1000)))
    let frame = try #require(try session.next(timeout: .seconds(1)))
    #expect(frame.bytes.count == 384 * 180 + 384 * 90)
    // The second plane begins right behind the first: the scripted driver writes the number into both.
    #expect(ScriptedNode.number(of: Array(frame.bytes[(384 * 180)...])) == 0)
    bench.finish(session)
  }

  @Test("checklist 13: three planes whose lines do not fit together are copied without their padding") func rows()
    throws
  {
    let bench = ScriptedBench(ScriptedNode([.of(PK_FOURCC_YUV420M, [.init(400, 180)], alignment: 64)]))
    bench.node.beMultiplanar()
    // Every row of every plane is as bright as its number; padding is 255.
    unsafe bench.node.picture = { _, memory in
      let line = memory.count == 448 * 180 ? 448 : 256
      let used = line == 448 ? 400 : 200
      for at in memory.indices { unsafe memory[at] = at % line < used ? UInt8(at / line) : 255 }
    }
    let session = try bench.open()
    #expect(session.format.bytesPerLine == 0)
    let frame = try #require(try session.next(timeout: .seconds(1)))
    #expect(frame.bytes.count == 400 * 180 * 3 / 2)
    #expect(!frame.bytes.contains(255))
    #expect(frame.bytes[400 * 7] == 7)
    #expect(frame.bytes[400 * 180 + 200 * 9] == 9)
    bench.finish(session)
  }

  @Test("checklist 13: a multiplanar node may give a format of one plane") func onePlane() throws {
    let bench = ScriptedBench(ScriptedNode([.yuyv([.init(320, 180)])]))
    bench.node.beMultiplanar()
    let session = try bench.open()
    #expect(try session.next(timeout: .seconds(1))?.bytes.count == 320 * 180 * 2)
    bench.finish(session)
  }

  @Test("odd formats become YUV 4:2:0 by libv4lconvert: a grey RGB picture is grey") func converted() throws {
    let bench = ScriptedBench(ScriptedNode([.of(PK_FOURCC_RGB24, [.init(320, 180)])]))
    unsafe bench.node.picture = { _, memory in for at in memory.indices { unsafe memory[at] = 128 } }
    let session = try bench.open()
    #expect(session.format.pixels == .yuv420)
    #expect(bench.notes.contains { $0.contains("libv4lconvert") })
    let frame = try #require(try session.next(timeout: .seconds(1)))
    #expect(frame.bytes.count == 320 * 180 * 3 / 2)
    #expect((100...150).contains(frame.bytes[5000]))
    #expect((126...130).contains(frame.bytes[320 * 180 + 50]))
    bench.finish(session)
  }

  @Test(
    "what is offered as convertible is converted",
    arguments: ["UYVY", "YVYU", "YV12", "RGB3", "BGR3", "RGBP", "Y16 ", "BA81", "GBRG", "GRBG", "RGGB", "NV16", "NV61"])
  func conversions(name: String) throws {
    let code = name.utf8.reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    let bench = ScriptedBench(ScriptedNode([.of(code, [.init(320, 180)])]))
    let session = try bench.open()
    #expect(session.format.pixels == .yuv420)
    #expect(try session.next(timeout: .seconds(1))?.bytes.count == 320 * 180 * 3 / 2)
    bench.finish(session)
  }

  @Test("what libv4lconvert finds broken is counted as damaged") func brokenConversion() throws {
    let bench = ScriptedBench(ScriptedNode([.of(PK_FOURCC_RGB24, [.init(320, 180)])]))
    bench.node.faults = [1: [.short(1000)]]
    let session = try bench.open()
    #expect(try bench.frames(session, 3).map(\.sequence) == [0, 2, 3])
    #expect(session.counters.lost == [.damaged: 1])
    bench.finish(session)
  }
}
