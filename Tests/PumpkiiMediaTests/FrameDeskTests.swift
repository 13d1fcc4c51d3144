import PumpkiiCapture
import PumpkiiMedia
import Synchronization
import Testing

@Suite struct FrameDeskTests {
  private let format = Material.format(.mjpeg, 160, 120, fullRange: true)

  @Test func `nobody asks, nothing is decoded`() throws {
    let jpegs = try Material.jpegs("yuvj420p", width: 160, height: 120, frames: 3)
    let processor = try VideoProcessor(format: format, settings: VideoSettings(mode: .mjpeg))
    _ = try Material.film(processor, jpegs)
    #expect(processor.desk.decodes == 0)
    let frame = try FrameDesk(format: format).frame(Material.frame(jpegs[0], 0))
    #expect(!frame.isDecoded)
  }

  @Test func `stream, photo and preview of one frame cost one decode`() throws {
    let jpegs = try Material.jpegs("yuvj420p", width: 160, height: 120, frames: 2)
    let processor = try VideoProcessor(format: format, settings: VideoSettings())
    for (number, jpeg) in jpegs.enumerated() {
      let frame = Material.frame(jpeg, number)
      _ = try processor.still(frame)
      _ = try processor.process(frame, at: UInt64(number) * 40_000_000, randomAccess: false)
      let preview = try processor.desk.frame(frame).picture()
      #expect(preview.width == 160 && processor.desk.decodes == UInt64(number + 1))
    }
  }

  @Test func `photo and pass-through of one frame cost one decode, raw frames one conversion`() throws {
    let jpeg = try required(Material.jpegs("yuvj420p", width: 160, height: 120, frames: 1).first)
    let passing = try VideoProcessor(format: format, settings: VideoSettings(mode: .mjpeg))
    _ = try passing.process(Material.frame(jpeg, 0), at: 0, randomAccess: false)
    for _ in 0..<3 { _ = try passing.still(Material.frame(jpeg, 0)) }
    #expect(passing.desk.decodes == 1)
    let raw = try required(Material.raw("yuyv422", width: 160, height: 120, frames: 1).first)
    let encoding = try VideoProcessor(format: Material.format(.yuyv, 160, 120), settings: VideoSettings())
    _ = try encoding.still(Material.frame(raw, 0))
    _ = try encoding.process(Material.frame(raw, 0), at: 0, randomAccess: false)
    #expect(encoding.desk.decodes == 1)
  }

  @Test func `another frame with the same number is another frame`() throws {
    let jpegs = try Material.jpegs("yuvj420p", width: 160, height: 120, frames: 2)
    let desk = try FrameDesk(format: format)
    let first = try desk.frame(Material.frame(jpegs[0], 0)).picture()
    #expect(try desk.frame(Material.frame(jpegs[1], 0)).picture() != first)
    #expect(desk.decodes == 2)
  }

  @Test func `a lent buffer is copied once for all`() throws {
    let raw = try required(Material.raw("nv12", width: 160, height: 120, frames: 1).first)
    let desk = try FrameDesk(format: Material.format(.nv12, 160, 120))
    let lent = FakeLent(raw)
    var frame = Material.frame([], 0)
    frame.lent = lent
    let picture = try desk.frame(frame).picture()
    #expect(try desk.frame(frame).picture() == picture)
    #expect(lent.copies.load(ordering: .relaxed) == 1 && desk.decodes == 1)
    // The driver lends another buffer under the same number.
    frame.lent = FakeLent(raw)
    #expect(!desk.frame(frame).isDecoded)
  }

  @Test func `damage is found once and told to each`() throws {
    let jpeg = try required(Material.jpegs("yuvj420p", width: 160, height: 120, frames: 1).first)
    let desk = try FrameDesk(format: format)
    let half = Material.frame(jpeg[..<(jpeg.count / 2)] + [0xFF, 0xD9], 0)
    for _ in 0..<3 {
      #expect(throws: MediaError(.badPicture, "", advice: "")) { _ = try desk.frame(half).picture() }
    }
    #expect(desk.decodes == 1)
  }

  @Test func `many photos of one H.264 picture cost one decode`() throws {
    let stream = try Tool.ffmpeg(
      "-f lavfi -i testsrc2=s=160x120:r=25 -frames:v 6 -pix_fmt yuv420p -c:v libx264 -preset ultrafast -bf 0 -g 5 "
        + "-profile:v baseline -f h264 -")
    let units = AnnexBAccessUnits.all(of: stream)
    let processor = try VideoProcessor(format: Material.format(.h264, 160, 120), settings: VideoSettings())
    for (number, unit) in units.enumerated() {
      _ = try processor.process(Material.frame(unit, number), at: UInt64(number) * 40_000_000, randomAccess: false)
      _ = try processor.still(Material.frame(unit, number))
    }
    #expect(processor.desk.decodes == 2)
    #expect(throws: MediaError(.noPicture, "", advice: "")) {
      _ = try processor.desk.frame(Material.frame(units[0], 0)).picture()
    }
  }
}
