import CPumpkiiV4L2
import Glibc
import PumpkiiCapture
import PumpkiiV4L2
import Testing

@Suite struct EncoderOpeningTests {
  @Test("checklist 44: an encoder is found by what its node can do, never by its name or number")
  func found() {
    let kernel = FakeEncoder()
    let found = EncoderFinder.look(at: FakeEncoder.path, kernel: kernel)
    #expect(found?.coding == .h264 && found?.isMultiplanar == false)
    #expect(found?.layouts == [.nv12, .yuv420])
    #expect(found?.name == "fakecodec /dev/video11")
    #expect(kernel.open == 0)
    kernel.script.isMultiplanar = true
    #expect(EncoderFinder.look(at: FakeEncoder.path, kernel: kernel)?.isMultiplanar == true)
    // A decoder, a scaler, a camera; capabilities of the whole device count for nothing.
    kernel.script.coded = [PK_FOURCC_NV12]
    #expect(EncoderFinder.look(at: FakeEncoder.path, kernel: kernel) == nil)
    kernel.script.coded = [PK_FOURCC_H264]
    kernel.script.raw = [PK_FOURCC_H264, PK_FOURCC_RGB24]
    #expect(EncoderFinder.look(at: FakeEncoder.path, kernel: kernel) == nil)
    kernel.script.raw = [PK_FOURCC_NV12]
    kernel.script.deviceCaps = UInt32(V4L2_CAP_VIDEO_CAPTURE) | UInt32(V4L2_CAP_STREAMING)
    #expect(EncoderFinder.look(at: FakeEncoder.path, kernel: kernel) == nil)
    #expect(EncoderFinder.look(at: "/dev/video99", kernel: kernel) == nil)
  }

  @Test("checklist 44: the lab's encoder is taken for one only when it is asked for")
  func labEncoder() {
    var script = FakeEncoderScript()
    script.coded = [PK_FOURCC_FWHT]
    let kernel = FakeEncoder(script)
    #expect(EncoderFinder.look(at: FakeEncoder.path, kernel: kernel) == nil)
    #expect(EncoderFinder.look(at: FakeEncoder.path, kernel: kernel, .fwht)?.coding == .fwht)
  }

  @Test("checklist 45: formats, crop, rate, buffers and starts come in the order the field agrees on")
  func order() throws {
    let rig = EncoderRig()
    let encoder = try rig.open()
    #expect(
      rig.kernel.calls == [
        "S_FMT", "S_FMT", "S_PARM", "REQBUFS raw 2", "REQBUFS coded 4", "STREAMON raw", "STREAMON coded",
      ])
    #expect(encoder.notes.isEmpty)
    #expect(encoder.name == "fakecodec /dev/video11" && encoder.route == "mmap")
    encoder.close()
    #expect(rig.kernel.open == 0 && rig.kernel.mappings == 0)
    #expect(rig.kernel.calls.suffix(2) == ["REQBUFS raw 0", "REQBUFS coded 0"])
  }

  @Test("checklist 45: controls are set and read back, and what differs is said")
  func controls() throws {
    var script = FakeEncoderScript()
    script.controls[UInt32(V4L2_CID_MPEG_VIDEO_BITRATE)]?.keeps = { $0 / 25_000 * 25_000 }
    let rig = EncoderRig(script, bitrate: 1_010_000)
    let encoder = try rig.open()
    func value(_ id: some BinaryInteger) -> Int32? { rig.kernel.script.controls[UInt32(truncatingIfNeeded: id)]?.value }
    #expect(value(V4L2_CID_MPEG_VIDEO_BITRATE) == 1_000_000)
    #expect(encoder.notes == ["bitrate is 1000000, not 1010000"])
    #expect(value(V4L2_CID_MPEG_VIDEO_H264_I_PERIOD) == 60)
    #expect(value(V4L2_CID_MPEG_VIDEO_H264_PROFILE) == Int32(V4L2_MPEG_VIDEO_H264_PROFILE_HIGH.rawValue))
    #expect(value(V4L2_CID_MPEG_VIDEO_REPEAT_SEQ_HEADER) == 1 && value(V4L2_CID_MPEG_VIDEO_HEADER_MODE) == 1)
  }

  @Test("checklist 45: an encoder without a single control is no error")
  func bare() throws {
    var script = FakeEncoderScript()
    script.controls = [:]
    script.hasRate = false
    let rig = EncoderRig(script)
    let encoder = try rig.open()
    #expect(encoder.notes.isEmpty)
    #expect(try encoder.encode(rig.frame(0), forceIDR: true)?.isIDR == true)
  }

  @Test(
    "checklist 44: the level follows from size, rate and bitrate",
    arguments: [
      (640, 480, 2_000_000, V4L2_MPEG_VIDEO_H264_LEVEL_3_0), (1280, 720, 4_000_000, V4L2_MPEG_VIDEO_H264_LEVEL_3_1),
      (1280, 720, 18_000_000, V4L2_MPEG_VIDEO_H264_LEVEL_3_2), (1920, 1080, 8_000_000, V4L2_MPEG_VIDEO_H264_LEVEL_4_0),
    ])
  func level(width: Int, height: Int, bitrate: Int, level: v4l2_mpeg_video_h264_level) throws {
    let rig = EncoderRig(FakeEncoderScript(), .nv12, width, height, bitrate: bitrate)
    let encoder = try rig.open()
    #expect(rig.kernel.script.controls[UInt32(V4L2_CID_MPEG_VIDEO_H264_LEVEL)]?.value == Int32(level.rawValue))
    #expect(encoder.notes.isEmpty)
  }

  @Test("checklist 44: a bitrate above the highest level is lowered, as firmware would not start with it")
  func bitrateOfLevel() throws {
    let rig = EncoderRig(FakeEncoderScript(), .nv12, 1920, 1080, bitrate: 24_000_000)
    let encoder = try rig.open()
    #expect(rig.kernel.script.controls[UInt32(V4L2_CID_MPEG_VIDEO_BITRATE)]?.value == 20_000_000)
    #expect(encoder.notes == ["bitrate 24000000 is more than level 4.0 has: 20000000"])
  }

  private func refusal(_ rig: EncoderRig) -> String {
    do {
      _ = try rig.open()
      return ""
    } catch let error as CaptureError {
      #expect(error.code == .failed)
      #expect(rig.kernel.open == 0 && rig.kernel.mappings == 0)
      return error.reason
    } catch {
      return "\(error)"
    }
  }

  @Test("checklist 44: what is larger or faster than the encoder can is refused with the number")
  func refusedSizes() {
    var rig = EncoderRig(FakeEncoderScript(), .nv12, 2560, 1440)
    #expect(refusal(rig).contains("it takes at most 1920×1088, not 2560×1440"))
    rig = EncoderRig(FakeEncoderScript(), .nv12, 1920, 1080)
    rig.format.rate = .init(60)
    #expect(refusal(rig).contains("1920×1080 at 60 a second needs level 4.2, its highest is 4.0"))
  }

  @Test("checklist 44: ESRCH at STREAMON is said to be the bitrate or the level")
  func refusedStart() {
    var script = FakeEncoderScript()
    script.streamOnErrno = ESRCH
    #expect(refusal(EncoderRig(script)).contains("the bitrate or the level is more than its firmware takes"))
    script.streamOnErrno = EBUSY
    #expect(refusal(EncoderRig(script)).contains("in use"))
  }

  @Test("checklist 45: sizes that the driver rounds up are cropped back, and refused where it cannot crop")
  func alignment() throws {
    var script = FakeEncoderScript()
    (script.widthStep, script.heightStep) = (32, 16)
    let rig = EncoderRig(script, .nv12, 360, 200)
    let encoder = try rig.open()
    #expect(rig.kernel.raw.width == 384 && rig.kernel.raw.height == 208)
    #expect(rig.kernel.raw.crop ?? (0, 0) == (360, 200))
    #expect(try encoder.encode(rig.frame(3), forceIDR: false) != nil)
    #expect(rig.kernel.seen == [rig.visible(3)])
    script.hasCrop = false
    #expect(refusal(EncoderRig(script, .nv12, 360, 200)).contains("it would code 384×208, not 360×200"))
  }

  @Test("checklist 45: opening that takes longer than its limit is given up")
  func slowOpening() {
    var script = FakeEncoderScript()
    script.callTime = 300_000_000
    #expect(refusal(EncoderRig(script)).contains("opening took"))
  }

  @Test("checklist 45: a coded buffer too small for a large picture is asked for anew, and taken when it grows")
  func codedSize() throws {
    let rig = EncoderRig(FakeEncoderScript(), .nv12, 1920, 1080)
    _ = try rig.open()
    #expect(rig.kernel.coded.sizes == [1920 * 1080 * 3 / 4])
    var script = FakeEncoderScript()
    script.codedSize = 65536
    let small = EncoderRig(script)
    _ = try small.open()
    #expect(small.kernel.calls.count { $0 == "S_FMT" } == 3)
  }
}
