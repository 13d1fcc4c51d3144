import CPumpkiiV4L2
import Glibc
import PumpkiiCapture
import PumpkiiV4L2
import Testing

@Suite struct FormatOfferTests {
  private func offers(_ formats: [ScriptedFormat]) throws -> [FormatOffer] {
    let kernel = ScriptedKernel(["/dev/video0": ScriptedNode(formats)])
    let handle = try V4L2Handle(path: "/dev/video0", kernel: kernel)
    defer {
      handle.close()
      kernel.expectBalance()
    }
    return handle.formats()
  }

  @Test("checklist 10: formats, sizes and intervals are listed to their ends") func discrete() throws {
    let listed = try offers([
      .mjpeg([.init(1920, 1080, [30, 15]), .init(1280, 720, [60, 30])]), .yuyv([.init(640, 480, [])]),
    ])
    #expect(listed.map(\.description) == ["MJPG 1920×1080 30/15", "MJPG 1280×720 60/30", "YUYV 640×480"])
    #expect(listed.map(\.pixels) == [.mjpeg, .mjpeg, .yuyv])
  }

  @Test("checklist 10: of a stepwise or continuous range the sizes that matter are offered", arguments: [true, false])
  func stepwise(isContinuous: Bool) throws {
    let listed = try offers([
      ScriptedFormat(
        fourcc: PK_FOURCC_YUV420,
        sizes: .stepwise(
          least: (32, 32), most: (2592, 1944), step: (isContinuous ? 1 : 2, 2), isContinuous: isContinuous))
    ])
    let sizes = listed.map { "\($0.width)×\($0.height)" }
    #expect(sizes.contains("1280×720"))
    #expect(sizes.contains("1920×1080"))
    #expect(sizes.last == "2592×1944")
    #expect(!sizes.contains("3840×2160"))
    #expect(listed[0].rates.first?.value == 60)
    #expect(listed[0].rates.contains(VideoFormat.Ratio(30)))
    #expect(listed.allSatisfy { $0.rates.allSatisfy { (1...60).contains($0.value) } })
  }

  @Test("checklist 10: a size that no step reaches is not offered") func steps() throws {
    let listed = try offers([
      ScriptedFormat(
        fourcc: PK_FOURCC_YUYV,
        sizes: .stepwise(least: (160, 120), most: (640, 480), step: (160, 120), isContinuous: false))
    ])
    #expect(listed.map { "\($0.width)×\($0.height)" } == ["160×120", "320×240", "640×360", "640×480"])
  }

  @Test("checklist 10: a driver that lists no sizes offers the one that is set") func unlisted() throws {
    let listed = try offers([ScriptedFormat(fourcc: PK_FOURCC_YUYV, sizes: .unlisted)])
    #expect(listed.map(\.description) == ["YUYV 640×480"])
  }

  @Test("checklist 10: the list ends with ENODATA as with EINVAL") func noData() throws {
    let node = ScriptedNode([.mjpeg()])
    node.failures[PK_VIDIOC_ENUM_FMT] = [0, ENODATA]
    let kernel = ScriptedKernel(["/dev/video0": node])
    let handle = try V4L2Handle(path: "/dev/video0", kernel: kernel)
    #expect(handle.formats().count == 1)
    handle.close()
    kernel.expectBalance()
  }

  @Test("what nothing here knows is offered without pixels; what libv4lconvert knows is marked") func unknown() throws {
    let listed = try offers([.of(PK_FOURCC_FWHT, [.init(640, 480)]), .of(PK_FOURCC_RGB24, [.init(640, 480)])])
    #expect(listed.map(\.pixels) == [nil, .yuv420])
    #expect(listed.map(\.needsConversion) == [false, true])
  }
}
