import CPumpkiiV4L2
import PumpkiiCapture
import PumpkiiV4L2
import Testing

@Suite struct FormatChoiceTests {
  private func offer(_ fourcc: UInt32, _ width: Int, _ height: Int, _ rates: [UInt32] = [30]) -> FormatOffer {
    FormatOffer(fourcc: fourcc, width: width, height: height, rates: rates.map { VideoFormat.Ratio($0) })
  }

  /// A webcam of USB 2 as the field knows them: raw pictures get slow as they get large.
  private var webcam: [FormatOffer] {
    [
      offer(PK_FOURCC_YUYV, 640, 480), offer(PK_FOURCC_YUYV, 1280, 720, [10]), offer(PK_FOURCC_YUYV, 1920, 1080, [5]),
      offer(PK_FOURCC_MJPEG, 640, 480), offer(PK_FOURCC_MJPEG, 1280, 720, [30, 15]),
      offer(PK_FOURCC_MJPEG, 1920, 1080, [30]),
    ]
  }

  private func choose(_ offers: [FormatOffer], _ wish: CameraWish = CameraWish()) throws -> FormatChoice {
    try #require(FormatChoice.choose(offers, wish: wish))
  }

  @Test("without a wish it is 1280×720 at 30") func standard() throws {
    let choice = try choose(webcam)
    #expect(choice.offer == offer(PK_FOURCC_MJPEG, 1280, 720, [30, 15]))
    #expect(choice.rate.value == 30)
    #expect(choice.reason.hasPrefix("MJPG 1280×720 at 30 frames/s: "))
  }

  @Test("for H.264 the camera's own is taken before MJPEG, MJPEG before raw, raw before what must be converted")
  func order() throws {
    let codes = [PK_FOURCC_RGB24, PK_FOURCC_YUYV, PK_FOURCC_NV12, PK_FOURCC_MJPEG, PK_FOURCC_H264]
    let ranking = FormatChoice.ranking(codes.map { offer($0, 1280, 720) }, wish: CameraWish())
    #expect(ranking.map(\.offer.name) == ["H264", "MJPG", "NV12", "YUYV", "RGB3"])
    #expect(Set(ranking.map(\.reason)).count >= 4)
  }

  @Test("for JPEG the camera's own is taken, for pixels raw pictures are where the bus can carry them") func uses()
    throws
  {
    let all = [PK_FOURCC_H264, PK_FOURCC_YUYV, PK_FOURCC_MJPEG].map { offer($0, 1280, 720) }
    #expect(try choose(all, CameraWish(use: .jpeg)).offer.name == "MJPG")
    #expect(try choose(all, CameraWish(use: .raw)).offer.name == "YUYV")
    #expect(try choose(webcam, CameraWish(use: .raw)).offer.name == "MJPG", "720p raw comes at 10 frames a second")
    #expect(try choose(webcam, CameraWish(width: 640, height: 480, use: .raw)).offer.name == "YUYV")
  }

  @Test("size and rate are chosen before the format") func sizeFirst() throws {
    let offers = [offer(PK_FOURCC_H264, 640, 480), offer(PK_FOURCC_MJPEG, 1920, 1080)]
    #expect(try choose(offers, CameraWish(width: 1920, height: 1080)).offer.name == "MJPG")
    let slow = [offer(PK_FOURCC_H264, 1280, 720, [5]), offer(PK_FOURCC_MJPEG, 1280, 720)]
    #expect(try choose(slow).offer.name == "MJPG")
    #expect(try choose(slow, CameraWish(rate: 5)).offer.name == "H264")
  }

  @Test("a size somebody asked for is kept to even at a lower rate; the standard one gives way") func wishedSize()
    throws
  {
    let offers = [offer(PK_FOURCC_YUYV, 640, 480), offer(PK_FOURCC_YUYV, 1280, 720, [10])]
    #expect(try choose(offers).offer.width == 640)
    #expect(try choose(offers, CameraWish(width: 1280, height: 720)).offer.width == 1280)
    #expect(try choose(offers, CameraWish(width: 1280)).offer.width == 1280)
  }

  @Test("the nearest rate is taken, and what is not exact is said") func rates() throws {
    let choice = try choose(webcam, CameraWish(width: 1280, height: 720, rate: 18))
    #expect(choice.rate.value == 15)
    let far = try choose(webcam, CameraWish(width: 3840, height: 2160))
    #expect(far.offer.width == 1920)
    #expect(far.reason.contains("nearest to 3840×2160"))
  }

  @Test("a format that must be used is used, or nothing is") func mustUse() throws {
    #expect(try choose(webcam, CameraWish(pixels: .yuyv)).offer.name == "YUYV")
    #expect(FormatChoice.choose(webcam, wish: CameraWish(pixels: .h264)) == nil)
    #expect(FormatChoice.choose([offer(PK_FOURCC_FWHT, 640, 480)], wish: CameraWish()) == nil)
    #expect(FormatChoice.choose([], wish: CameraWish()) == nil)
  }
}
