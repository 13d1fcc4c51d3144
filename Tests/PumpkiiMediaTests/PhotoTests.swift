import PumpkiiCapture
import PumpkiiMedia
import Testing

@Suite struct PhotoTests {
  /// A JPEG with everything in it that a camera may tell: place, serial number, owner, preview, another picture behind.
  private func talkative(orientation: UInt8 = 1) throws -> (plain: [UInt8], talkative: [UInt8]) {
    let plain = try PhotoCleaner.clean(required(Material.jpegs("yuvj420p", width: 64, height: 48, frames: 1).first))
    var full = Array(plain[..<2])
    full += JPEGParts.segment(0xE0, Array("JFIF\0".utf8) + [1, 2, 0, 0, 1, 0, 1, 2, 2] + Array("SECRET-THUMB".utf8))
    full += JPEGParts.segment(0xE1, ExifSample.bytes(orientation: orientation))
    full += JPEGParts.segment(0xE1, Array("http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>SECRET-XMP</x:xmpmeta>".utf8))
    full += JPEGParts.segment(0xE2, Array("ICC_PROFILE\0".utf8) + [1, 1] + Array("profile".utf8))
    full += JPEGParts.segment(0xE2, Array("MPF\0SECRET-MPF".utf8))
    for marker: UInt8 in 0xE3...0xEF { full += JPEGParts.segment(marker, Array("SECRET-\(marker)".utf8)) }
    full += JPEGParts.segment(0xEE, Array("Adobe".utf8) + [0, 100, 0, 0, 0, 0, 1])
    full += JPEGParts.segment(0xFE, Array("SECRET-COM serial 4711".utf8))
    // JFIF once more is not kept twice.
    full += plain[20...]
    // A second picture behind the first, as phones append it, with the place in its own EXIF.
    full += Array(plain[..<2]) + JPEGParts.segment(0xE1, ExifSample.bytes(orientation: 1)) + plain[20...]
    return (plain, full)
  }

  @Test func `nothing is left of place, serial number, owner, preview and comment`() throws {
    let (plain, talkative) = try talkative()
    #expect(JPEGParts.contains(talkative, "SECRET-GPS") && JPEGParts.contains(talkative, "SECRET-XMP"))
    let clean = try PhotoCleaner.clean(talkative)
    for word in ["SECRET", "serial", "Exif", "xmp", "MPF", "4711"] { #expect(!JPEGParts.contains(clean, word)) }
    let parts = try JPEGParts(clean)
    #expect(parts.markers.filter { (0xE0...0xEF).contains($0) || $0 == 0xFE } == [0xE0, 0xE2, 0xEE])
    let decoder = try JPEGDecoder()
    #expect(try decoder.decode(clean) == decoder.decode(plain))
    #expect(try PhotoCleaner.clean(clean) == clean)
  }

  @Test func `of EXIF the orientation alone stays, where it turns the picture`() throws {
    for orientation: UInt8 in [2, 6, 8] {
      let clean = try PhotoCleaner.clean(talkative(orientation: orientation).talkative)
      let exif = try #require(try JPEGParts(clean).exif)
      #expect(exif.tags == [0x0112: Int(orientation)])
      #expect(!JPEGParts.contains(clean, "SECRET"))
    }
    for orientation: UInt8 in [0, 1, 9, 255] {
      #expect(try JPEGParts(PhotoCleaner.clean(talkative(orientation: orientation).talkative)).exif == nil)
    }
  }

  @Test func `segments between two scans go as well`() throws {
    let jpeg = try Tool.ffmpeg("-f lavfi -i testsrc2=s=64x48 -frames:v 1 -pix_fmt yuvj420p -c:v mjpeg -f mjpeg -")
    let plain = try PhotoCleaner.clean(jpeg)
    // A restart mark, a stuffed byte and a comment at the end of the only scan.
    let hidden = Array(plain.dropLast(2)) + JPEGParts.segment(0xFE, Array("SECRET".utf8)) + [0xFF, 0xD9]
    #expect(try PhotoCleaner.clean(hidden) == plain)
  }

  @Test func `a photo of the stream and one taken apart from it are both cleaned`() throws {
    let (plain, talkative) = try talkative()
    let format = Material.format(.mjpeg, 64, 48, fullRange: true)
    let first = Array(talkative[..<(talkative.count - plain.count + 18 - ExifSample.length)])
    let processor = try VideoProcessor(format: format, settings: VideoSettings(mode: .mjpeg))
    let photo = try processor.still(Material.frame(first, 0))
    let apart = try processor.still(CapturedStill(format: format, frame: Material.frame(first, 0)))
    #expect(photo == apart && !JPEGParts.contains(photo, "SECRET") && JPEGParts.contains(first, "SECRET"))
  }

  @Test func `damage is an error, whatever it is`() throws {
    let (_, talkative) = try talkative()
    var dice = Dice(state: 5)
    for _ in 0..<300 {
      var bad = talkative
      for _ in 0..<4 { bad[Int.random(in: 0..<bad.count, using: &dice)] = UInt8.random(in: 0...255, using: &dice) }
      _ = try? PhotoCleaner.clean(Array(bad.prefix(Int.random(in: 0...bad.count, using: &dice))))
    }
    for count in 0..<200 { _ = try? PhotoCleaner.clean(Array(talkative[..<count])) }
  }

  @Test(
    arguments: [
      (VideoFormat.Pixels.yuyv, "yuyv422"), (.nv12, "nv12"), (.yuv420, "yuv420p"), (.grey, "gray"),
    ])
  func `a still of any raw layout and size becomes a JPEG that says nothing`(
    pixels: VideoFormat.Pixels, name: String
  ) throws {
    let processor = try VideoProcessor(
      format: Material.format(.mjpeg, 160, 120, fullRange: true), settings: VideoSettings())
    for (width, height) in [(320, 240), (640, 480), (322, 242)] {
      let raw = try required(Material.raw(name, width: width, height: height, frames: 1).first)
      let still = CapturedStill(format: Material.format(pixels, width, height), frame: Material.frame(raw, 0))
      let jpeg = try processor.still(still)
      let parts = try JPEGParts(jpeg)
      #expect(parts.markers.allSatisfy { $0 == 0xE0 || !(0xE1...0xEF).contains($0) && $0 != 0xFE })
      #expect(try JPEGCheck(jpeg).width == width && JPEGCheck(jpeg).height == height)
    }
  }

  @Test func `a JPEG still of another size than the stream passes through, junk in it is found`() throws {
    let processor = try VideoProcessor(format: Material.format(.yuyv, 160, 120), settings: VideoSettings())
    let jpeg = try required(Material.jpegs("yuvj422p", width: 640, height: 480, frames: 1).first)
    let format = Material.format(.mjpeg, 640, 480, fullRange: true)
    let bare = JPEGChecklistTests.withoutTables(jpeg)
    let photo = try processor.still(CapturedStill(format: format, frame: Material.frame(bare + [0, 0], 0)))
    #expect(try JPEGDecoder().decode(photo) == JPEGDecoder().decode(jpeg))
    let half = Array(jpeg[..<(jpeg.count / 2)]) + [0xFF, 0xD9]
    #expect(throws: MediaError(.badPicture, "", advice: "")) {
      _ = try processor.still(CapturedStill(format: format, frame: Material.frame(half, 0)))
    }
  }

  @Test func `an H.264 still is decoded, one that cannot stand alone is refused`() throws {
    let stream = try Tool.ffmpeg(
      "-f lavfi -i testsrc2=s=320x240:r=25 -frames:v 2 -pix_fmt yuv420p -c:v libx264 -preset ultrafast -bf 0 "
        + "-profile:v baseline -f h264 -")
    let units = AnnexBAccessUnits.all(of: stream)
    let processor = try VideoProcessor(format: Material.format(.yuyv, 160, 120), settings: VideoSettings())
    let format = Material.format(.h264, 320, 240)
    #expect(
      try JPEGCheck(processor.still(CapturedStill(format: format, frame: Material.frame(units[0], 0)))).width == 320)
    #expect(throws: MediaError(.noPicture, "", advice: "")) {
      _ = try processor.still(CapturedStill(format: format, frame: Material.frame(units[1], 0)))
    }
  }
}
