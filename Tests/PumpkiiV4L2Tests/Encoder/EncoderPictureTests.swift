import CPumpkiiV4L2
import Glibc
import PumpkiiCapture
import PumpkiiV4L2
import Testing

@Suite struct EncoderPictureTests {
  @Test(
    "checklist 13: pictures are copied by the driver's own lines and planes",
    arguments: [
      (VideoFormat.Pixels.nv12, PK_FOURCC_NV12, false), (.nv12, PK_FOURCC_NV12, true), (.nv12, PK_FOURCC_NV12M, true),
      (.yuv420, PK_FOURCC_YUV420, false), (.yuv420, PK_FOURCC_YUV420M, true), (.yuyv, PK_FOURCC_YUYV, false),
    ], [0, 80, 256])
  func copies(layout: (pixels: VideoFormat.Pixels, fourcc: UInt32, planes: Bool), stride: Int) throws {
    var script = FakeEncoderScript()
    script.isMultiplanar = layout.planes
    script.raw = [layout.fourcc]
    script.strideStep = 96
    let width = 72
    let own = stride == 0 ? 0 : layout.pixels == .yuyv ? stride * 2 : stride
    let rig = EncoderRig(script, layout.pixels, width, 48, stride: own)
    let encoder = try rig.open()
    for number in 0..<5 { #expect(try encoder.encode(rig.frame(number), forceIDR: false) != nil) }
    #expect(rig.kernel.seen == (0..<5).map(rig.visible))
    encoder.close()
    #expect(rig.kernel.open == 0 && rig.kernel.mappings == 0)
  }

  @Test("checklist 46: the capture time goes in and comes back with the coded picture")
  func timestamps() throws {
    let rig = EncoderRig()
    let encoder = try rig.open()
    for number in 0..<4 {
      let picture = try encoder.encode(rig.frame(number), forceIDR: false)
      #expect(picture?.timestamp == rig.frame(number).timestamp)
      #expect(picture?.bytes.last == UInt8(number))
    }
    // A camera that repeats a time confuses nobody.
    let again = try encoder.encode(rig.frame(3), forceIDR: false)
    #expect(again?.timestamp == rig.frame(3).timestamp && again?.bytes.last == 4)
  }

  @Test("checklist 46: a coded picture of another time is not taken for this one")
  func stray() throws {
    var script = FakeEncoderScript()
    script.faults = [1: .stray]
    let rig = EncoderRig(script)
    let encoder = try rig.open()
    _ = try encoder.encode(rig.frame(0), forceIDR: false)
    #expect(try encoder.encode(rig.frame(1), forceIDR: false)?.bytes.last == 1)
    #expect(try encoder.encode(rig.frame(2), forceIDR: false)?.bytes.last == 2)
  }

  @Test("checklist 46: a driver that copies no times is believed to keep the order")
  func order() throws {
    var script = FakeEncoderScript()
    script.copiesTimestamps = false
    let rig = EncoderRig(script)
    let encoder = try rig.open()
    for number in 0..<3 {
      #expect(try encoder.encode(rig.frame(number), forceIDR: false)?.timestamp == rig.frame(number).timestamp)
    }
  }

  @Test("checklist 45: a picture that stands alone is forced by the control")
  func forced() throws {
    let rig = EncoderRig()
    let encoder = try rig.open()
    let kinds = try (0..<5).map { try encoder.encode(rig.frame($0), forceIDR: $0 == 0 || $0 == 3)?.isIDR }
    #expect(kinds == [true, false, false, true, false])
    #expect(rig.kernel.calls.count { $0 == "FORCE_KEY" } == 1)
  }

  @Test("checklist 45: where there is no such control the coded stream is begun anew")
  func forcedByRestart() throws {
    var script = FakeEncoderScript()
    script.controls[UInt32(V4L2_CID_MPEG_VIDEO_FORCE_KEY_FRAME)] = nil
    let rig = EncoderRig(script)
    let encoder = try rig.open()
    let kinds = try (0..<5).map { try encoder.encode(rig.frame($0), forceIDR: $0 == 3)?.isIDR }
    #expect(kinds == [true, false, false, true, false])
    #expect(rig.kernel.calls.count { $0.hasPrefix("STREAMON") } == 4)
    #expect(rig.kernel.calls.count { $0.hasPrefix("REQBUFS") } == 2)
  }

  @Test(
    "checklist 45: each IDR has its parameter sets, wherever the encoder puts them",
    arguments: [FakeEncoderScript.Headers.repeated, .once, .separate])
  func headers(headers: FakeEncoderScript.Headers) throws {
    var script = FakeEncoderScript()
    script.headers = headers
    let rig = EncoderRig(script)
    let encoder = try rig.open()
    for number in 0..<4 {
      let picture = try encoder.encode(rig.frame(number), forceIDR: number == 2)
      #expect(picture?.isIDR == (number % 2 == 0 && number < 3))
      #expect(picture?.bytes.starts(with: FakeEncoder.sets) == picture?.isIDR)
      #expect(picture?.bytes.suffix(2) == [number % 2 == 0 ? 0x65 : 0x41, UInt8(number)])
    }
  }

  @Test("an empty coded buffer is a picture left out, and nothing ends")
  func leftOut() throws {
    var script = FakeEncoderScript()
    script.faults = [1: .leaveOut]
    let rig = EncoderRig(script)
    let encoder = try rig.open()
    let pictures = try (0..<4).map { try encoder.encode(rig.frame($0), forceIDR: false)?.bytes.last }
    #expect(pictures == [0, nil, 2, 3])
  }

  @Test(
    "checklist 45: any error closes the encoder and says what it was",
    arguments: [
      (FakeEncoderFault.errorFlag, "errors"), (.fatal, "errno 5"), (.oversized, "claims 1073741824 bytes"),
      (.badIndex, "buffer 77"), (.hang, "no picture for 500 ms"), (.late(600_000_000), "no picture for 500 ms"),
    ])
  func failures(fault: FakeEncoderFault, words: String) throws {
    var script = FakeEncoderScript()
    script.faults = [2: fault]
    let rig = EncoderRig(script)
    let encoder = try rig.open()
    for number in 0..<2 { _ = try encoder.encode(rig.frame(number), forceIDR: false) }
    let error = #expect(throws: CaptureError.self) { _ = try encoder.encode(rig.frame(2), forceIDR: false) }
    #expect(error?.code == .failed && error?.reason.contains(words) == true)
    #expect(rig.kernel.open == 0 && rig.kernel.mappings == 0)
    #expect(throws: CaptureError.self) { _ = try encoder.encode(rig.frame(3), forceIDR: false) }
  }

  @Test("checklist 45: the first picture has a longer limit, and it is one too")
  func firstPicture() throws {
    var script = FakeEncoderScript()
    script.faults = [0: .late(1_500_000_000)]
    let rig = EncoderRig(script)
    #expect(try rig.open().encode(rig.frame(0), forceIDR: false) != nil)
    script.faults = [0: .hang]
    let stuck = EncoderRig(script)
    let encoder = try stuck.open()
    let before = stuck.kernel.clock
    let error = #expect(throws: CaptureError.self) { _ = try encoder.encode(stuck.frame(0), forceIDR: false) }
    #expect(error?.reason.contains("no picture for 2000 ms") == true)
    #expect((2_000_000_000...2_100_000_000).contains(stuck.kernel.clock - before))
  }

  @Test("limits are the caller's to set")
  func ownLimits() throws {
    var script = FakeEncoderScript()
    script.faults = [0: .late(30_000_000)]
    var rig = EncoderRig(script)
    rig.settings.limits = EncoderLimits(opening: 1_000_000_000, firstPicture: 20_000_000, picture: 10_000_000)
    let encoder = try rig.open()
    #expect(throws: CaptureError.self) { _ = try encoder.encode(rig.frame(0), forceIDR: false) }
  }

  @Test("checklist 46: the end is drained by STOP, and its empty buffer is no picture")
  func drained() throws {
    let rig = EncoderRig()
    let encoder = try rig.open()
    _ = try encoder.encode(rig.frame(0), forceIDR: false)
    #expect(try encoder.finish() == [])
    #expect(rig.kernel.calls.contains("STOP") && rig.kernel.calls.contains("LAST"))
    #expect(rig.kernel.open == 0 && rig.kernel.mappings == 0)
    encoder.close()
  }

  @Test("checklist 47: the camera's buffers go in by descriptor, without a copy", arguments: [false, true])
  func dmabuf(multiplanar: Bool) throws {
    var script = FakeEncoderScript()
    script.isMultiplanar = multiplanar
    script.raw = [PK_FOURCC_NV12, PK_FOURCC_NV12M]
    var rig = EncoderRig(script, .nv12, 64, 48, stride: 96, route: .dmabuf)
    rig.settings.lentPlanes = multiplanar ? 2 : 1
    let encoder = try rig.open()
    for number in 0..<3 {
      let bytes = rig.padded(number)
      let planes = multiplanar ? [Array(bytes[..<(96 * 48)]), Array(bytes[(96 * 48)...])] : [bytes]
      let names = planes.indices.map { Int32(500 + number * 2 + $0) }
      for (name, plane) in zip(names, planes) { rig.kernel.foreign[name] = plane }
      #expect(try encoder.encode(rig.frame(number, lent: FakeLent(names, planes)), forceIDR: false) != nil)
      #expect(rig.kernel.descriptors.last == names)
    }
    #expect(rig.kernel.seen == (0..<3).map(rig.visible))
    // The driver has no buffer of the camera's when encode() is back.
    #expect(rig.kernel.raw.queued.isEmpty && rig.kernel.raw.done.isEmpty)
    #expect(encoder.route == "dmabuf")
    encoder.close()
    #expect(rig.kernel.open == 0 && rig.kernel.mappings == 0)
  }

  @Test("checklist 47: buffers whose lines or planes lie elsewhere are refused before a picture is spoilt")
  func foreignLines() {
    var script = FakeEncoderScript()
    script.strideStep = 128
    let wrongLines = EncoderRig(script, .nv12, 64, 48, stride: 96, route: .dmabuf)
    #expect(throws: CaptureError(.failed, "", advice: "")) { _ = try wrongLines.open() }
    script.strideStep = 32
    script.heightStep = 32
    let wrongRows = EncoderRig(script, .nv12, 64, 48, stride: 96, route: .dmabuf)
    #expect(throws: CaptureError(.failed, "", advice: "")) { _ = try wrongRows.open() }
    #expect(wrongRows.kernel.open == 0)
  }

  @Test("checklist 47: an encoder that has the layout in another number of planes is refused at opening")
  func otherPlanes() {
    var rig = EncoderRig(route: .dmabuf)
    rig.settings.lentPlanes = 2
    let error = #expect(throws: CaptureError.self) { _ = try rig.open() }
    #expect(error?.reason.contains("it takes no nv12 in 2 planes") == true && rig.kernel.open == 0)
  }

  @Test("checklist 47: a driver that does not take the buffers, or a camera that lends none, is said at once")
  func refusedBuffers() throws {
    var script = FakeEncoderScript()
    script.rawQueueErrno = EINVAL
    for lent in [FakeLent([500], [EncoderRig().padded(0)]), nil] {
      let rig = EncoderRig(script, route: .dmabuf)
      let encoder = try rig.open()
      let error = #expect(throws: CaptureError.self) {
        _ = try encoder.encode(rig.frame(0, lent: lent), forceIDR: false)
      }
      #expect(error?.reason.contains(lent == nil ? "lends no buffers" : "does not take the camera's buffers") == true)
      #expect(rig.kernel.open == 0)
    }
  }

  @Test("a frame shorter than a picture ends the encoder, as memory beyond it would be read")
  func shortFrame() throws {
    let rig = EncoderRig()
    let encoder = try rig.open()
    var frame = rig.frame(0)
    frame.bytes.removeLast()
    #expect(throws: CaptureError(.failed, "", advice: "")) { _ = try encoder.encode(frame, forceIDR: false) }
  }
}
