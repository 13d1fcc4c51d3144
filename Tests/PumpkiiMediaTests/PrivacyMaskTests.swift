import PumpkiiCapture
import PumpkiiMedia
import Synchronization
import Testing

/// No consumer ever gets a masked pixel: what two cameras differ in under the mask makes no difference to any byte that
/// leaves, and what is decoded of it is black there.
@Suite struct PrivacyMaskTests {
  private static let ways: [(VideoFormat.Pixels, VideoSettings.Mode)] = [
    (.mjpeg, .h264), (.yuyv, .h264), (.nv12, .h264), (.mjpeg, .mjpeg), (.yuyv, .mjpeg), (.nv12, .mjpeg),
  ]
  private static let sizes = [(320, 240), (322, 242), (321, 241)]

  private func settings(_ mode: VideoSettings.Mode = .h264, masked: Bool = true) -> VideoSettings {
    VideoSettings(mode: mode, bitrate: 40_000_000, masks: masked ? SecretPicture.masks : PrivacyMasks())
  }

  /// Header and chunks of three pictures.
  private func film(
    _ format: VideoFormat, _ settings: VideoSettings, secret: UInt64, encoders: [EncoderCandidate] = []
  ) throws -> (bytes: [UInt8], size: (width: Int, height: Int)) {
    let processor = try VideoProcessor(format: format, settings: settings, encoders: encoders)
    let frames = try (0..<3).map {
      try SecretPicture(format.width, format.height, secret: secret + UInt64($0), moment: $0).bytes(format.pixels)
    }
    let film = try Material.film(processor, frames)
    #expect(film.results.allSatisfy { $0.chunk != nil })
    return (film.film, processor.outputSize)
  }

  @Test(arguments: ways) func `the stream does not depend on what is masked, and shows black`(
    _ pixels: VideoFormat.Pixels, _ mode: VideoSettings.Mode
  ) throws {
    for (width, height) in Self.sizes {
      let format = Material.format(pixels, width, height, fullRange: pixels == .mjpeg)
      let one = try film(format, settings(mode), secret: 1)
      #expect(try film(format, settings(mode), secret: 100).bytes == one.bytes)
      #expect(try film(format, settings(mode, masked: false), secret: 1).bytes != one.bytes)
      let pictures = try Material.decoded(one.bytes, width: one.size.width, height: one.size.height)
      #expect(pictures.count == 3)
      for picture in pictures {
        let means = SecretPicture.means(picture, width: one.size.width, height: one.size.height)
        #expect(means.under <= 20 && means.beside > 60)
      }
    }
  }

  @Test(arguments: [VideoFormat.Pixels.mjpeg, .yuyv, .nv12])
  func `photos, previews and motion's looks do not depend on what is masked`(_ pixels: VideoFormat.Pixels) throws {
    for mode in VideoSettings.Mode.allCases {
      let outcomes = try [1, 2].map { (secret: UInt64) in
        let format = Material.format(pixels, 320, 240, fullRange: pixels == .mjpeg)
        let processor = try VideoProcessor(format: format, settings: settings(mode))
        let frame = Material.frame(try SecretPicture(320, 240, secret: secret).bytes(pixels), 0)
        // Before anybody decoded, and of the decoded one.
        let glance = try required(processor.glance(frame))
        _ = try processor.process(frame, at: 0, randomAccess: true)
        #expect(try processor.glance(frame) == glance)
        #expect(processor.desk.glances == 0 && processor.desk.decodes == 1)
        #expect(throws: MediaError(.maskImpossible, "", advice: "")) { try processor.desk.frame(frame).jpeg() }
        return (glance, try processor.still(frame), try required(processor.preview(frame)))
      }
      #expect(outcomes[0] == outcomes[1])
      for jpeg in [outcomes[0].1, outcomes[0].2] {
        let picture = try JPEGDecoder().decode(jpeg)
        let means = SecretPicture.means(picture.luma, width: 320, height: 240)
        #expect(means.under <= 2 && means.beside > 60)
      }
      let cells = outcomes[0].0.cells
      #expect(cells[18 * LumaGrid.columns + 26] <= 16 * 16)
    }
  }

  @Test(arguments: [VideoFormat.Pixels.mjpeg, .yuyv, .nv12])
  func `a photo of the full size does not depend on what is masked`(_ pixels: VideoFormat.Pixels) throws {
    let photos = try [1, 2].map { (secret: UInt64) in
      let processor = try VideoProcessor(format: Material.format(.mjpeg, 320, 240), settings: settings(.mjpeg))
      let still = CapturedStill(
        format: Material.format(pixels, 640, 480),
        frame: Material.frame(try SecretPicture(640, 480, secret: secret).bytes(pixels), 0))
      return try processor.still(still)
    }
    #expect(photos[0] == photos[1])
    let picture = try JPEGDecoder().decode(photos[0])
    let means = SecretPicture.means(picture.luma, width: 640, height: 480)
    #expect(picture.width == 640 && means.under <= 2 && means.beside > 60)
  }

  @Test func `a turned photo stays turned, its mask with it`() throws {
    let plain = try SecretPicture(320, 240, secret: 1).bytes(.mjpeg)
    let turned =
      Array(plain.prefix(20)) + JPEGParts.segment(0xE1, ExifSample.bytes(orientation: 6)) + plain.dropFirst(20)
    let processor = try VideoProcessor(format: Material.format(.mjpeg), settings: settings())
    let photo = try processor.still(Material.frame(turned, 0))
    #expect(try JPEGParts(photo).exif?.tags == [0x0112: 6])
    #expect(SecretPicture.means(try JPEGDecoder().decode(photo).luma, width: 320, height: 240).under <= 2)
    #expect(!JPEGParts.contains(photo, "SECRET"))
  }

  @Test func `a photo of another shape is refused, as the masks would lie beside what they hide`() throws {
    let processor = try VideoProcessor(format: Material.format(.mjpeg, 320, 180), settings: settings())
    for (width, height) in [(640, 480), (240, 320), (180, 320)] {
      let still = CapturedStill(
        format: Material.format(.mjpeg, width, height),
        frame: Material.frame(try SecretPicture(width, height, secret: 1).bytes(.mjpeg), 0))
      #expect(throws: MediaError(.maskImpossible, "", advice: "")) { try processor.still(still) }
    }
  }

  @Test func `a JPEG of another shape than the camera said is left out`() throws {
    for mode in VideoSettings.Mode.allCases {
      let processor = try VideoProcessor(format: Material.format(.mjpeg, 320, 240), settings: settings(mode))
      let frame = Material.frame(try SecretPicture(320, 180, secret: 1).bytes(.mjpeg), 0)
      #expect(try processor.process(frame, at: 0, randomAccess: true).drop == .decode)
      #expect(throws: MediaError.self) { try processor.still(frame) }
      #expect(throws: MediaError.self) { try processor.preview(frame) }
      #expect(throws: MediaError.self) { try processor.glance(frame) }
    }
  }

  @Test func `a camera's own H.264 is refused where masks are set, never passed`() throws {
    for mode in VideoSettings.Mode.allCases {
      #expect(throws: MediaError(.maskImpossible, "", advice: "")) {
        try VideoProcessor(format: Material.format(.h264), settings: settings(mode))
      }
    }
    let processor = try VideoProcessor(format: Material.format(.mjpeg), settings: settings())
    let still = CapturedStill(format: Material.format(.h264), frame: Material.frame([0, 0, 0, 1, 0x65, 1], 0))
    #expect(throws: MediaError(.maskImpossible, "", advice: "")) { try processor.still(still) }
  }

  @Test func `an encoder of the machine gets masked planes and never the camera's own buffers`() throws {
    for pixels in [VideoFormat.Pixels.nv12, .yuyv] {
      let bench = FakeBench()
      let encoders = [
        bench.candidate("dmabuf", [.nv12, .yuyv], lent: true), bench.candidate("mmap", [.nv12, .yuyv, .yuv420]),
      ]
      let films = try [1, 2].map { (secret: UInt64) in
        let processor = try VideoProcessor(
          format: Material.format(pixels), settings: settings(), encoders: encoders, memory: EncoderMemory())
        var bytes: [UInt8] = []
        for number in 0..<3 {
          let raw = try SecretPicture(320, 240, secret: secret + UInt64(number) * 10, moment: number).bytes(pixels)
          var frame = Material.frame([], number)
          frame.lent = FakeLent(raw)
          bytes += try required(
            processor.process(frame, at: UInt64(number) * 40_000_000, randomAccess: false).chunk
          ).bytes
        }
        #expect(processor.encoder == "mmap")
        return try required(processor.initialization) + bytes
      }
      #expect(films[0] == films[1])
      #expect(!bench.events.contains { $0.hasPrefix("dmabuf") })
      #expect(bench.formats.withLock { $0.allSatisfy { $0.pixels == .yuv420 } })
      for picture in try Material.decoded(films[0], width: 320, height: 240) {
        #expect(SecretPicture.means(picture, width: 320, height: 240).under <= 20)
      }
    }
  }

  @Test func `masks grow outward, never inward`() throws {
    for (width, height) in [(16, 16), (639, 479), (640, 480), (1919, 1079), (2, 2)] {
      for area in [
        PictureArea(left: 1, top: 1, width: 1, height: 1), PictureArea(left: 333, top: 500, width: 334, height: 500),
      ] {
        let area = try required(area)
        let even = (width & ~1, height & ~1)
        let pixels = area.pixels(width: even.0, height: even.1, grain: PrivacyMasks.grain)
        #expect(pixels.columns.lowerBound * 1000 <= area.left * even.0)
        #expect(
          pixels.columns.upperBound == even.0 || pixels.columns.upperBound * 1000 >= (area.left + area.width) * width)
        #expect(pixels.rows.upperBound == even.1 || pixels.rows.upperBound * 1000 >= (area.top + area.height) * height)
        #expect(!pixels.columns.isEmpty && !pixels.rows.isEmpty)
      }
    }
    for wrong in [(-1, 0, 10, 10), (0, 0, 0, 10), (500, 0, 501, 10), (0, 1000, 1, 1), (0, 0, 1001, 1)] {
      #expect(PictureArea(left: wrong.0, top: wrong.1, width: wrong.2, height: wrong.3) == nil)
    }
  }
}
