import Foundation
import PumpkiiCapture
import PumpkiiMedia
import Testing

@Suite struct VideoProcessorTests {
  @Test func filmFromJPEGsKeepsRangeRateAndPicture() throws {
    let jpegs = try Material.jpegs("yuvj422p", width: 160, height: 120, frames: 30)
    let processor = try VideoProcessor(
      format: Material.format(.mjpeg, 160, 120, fullRange: true),
      settings: VideoSettings(bitrate: 3_000_000, groupSeconds: 0.4))
    #expect(processor.initialization == nil)
    let (film, results) = try Material.film(processor, jpegs, from: 7_000_000_000)
    #expect(results.map { $0.chunk?.randomAccess } == (0..<30).map { $0 % 10 == 0 })
    let stream = try #require(Tool.ffprobe("-show_streams", input: film).first)
    #expect(stream["color_range"] == "pc" && stream["color_space"] == "smpte170m")
    #expect(stream["codec_name"] == "h264" && stream["has_b_frames"] == "0")
    let packets = try Tool.ffprobe("-show_packets", input: film)
    #expect(packets.map { $0["pts_time"] } == (0..<30).map { String(format: "%.6f", 7 + 0.04 * Double($0)) })
    #expect(packets.map { $0["flags"]?.hasPrefix("K") } == (0..<30).map { $0 % 10 == 0 })
    let back = try Material.decoded(film, pixels: "yuvj420p", width: 160, height: 120)
    let decoder = try JPEGDecoder()
    for (jpeg, picture) in zip(jpegs, back) { #expect(try Material.psnr(decoder.decode(jpeg).bytes, picture) > 33) }
  }

  @Test(
    arguments: [
      (VideoFormat.Pixels.yuyv, "yuyv422"), (.nv12, "nv12"), (.yuv420, "yuv420p"), (.yuv422, "yuv422p"),
      (.yuv444, "yuv444p"), (.grey, "gray"),
    ])
  func filmFromRawFrames(pixels: VideoFormat.Pixels, name: String) throws {
    let frames = try Material.raw(name, width: 160, height: 120, frames: 5)
    let processor = try VideoProcessor(format: Material.format(pixels, 160, 120), settings: VideoSettings())
    let (film, _) = try Material.film(processor, frames)
    let back = try Material.decoded(film, width: 160, height: 120)
    let converter = try PixelConverter(format: Material.format(pixels, 160, 120))
    #expect(back.count == 5)
    for (frame, picture) in zip(frames, back) {
      #expect(try Material.psnr(converter.convert(frame).bytes, picture) > 30)
    }
  }

  @Test func oddSizeIsCroppedAndSaid() throws {
    let frames = try Material.raw("yuv444p", width: 161, height: 121, frames: 3)
    let processor = try VideoProcessor(format: Material.format(.yuv444, 161, 121), settings: VideoSettings())
    #expect(processor.outputSize == (160, 120))
    #expect(processor.cropNotice?.contains("161×121 is cropped to 160×120") == true)
    let (film, results) = try Material.film(processor, frames)
    #expect(results.allSatisfy { $0.drop == nil })
    #expect(try Material.decoded(film, width: 160, height: 120).count == 3)
  }

  @Test func askedPictureStandsAlone() throws {
    let frames = try Material.raw("yuv420p", width: 160, height: 120, frames: 6)
    let processor = try VideoProcessor(format: Material.format(.yuv420, 160, 120), settings: VideoSettings())
    let kinds = try frames.enumerated().map { number, bytes in
      try processor.process(
        Material.frame(bytes, number), at: UInt64(number) * 40_000_000, randomAccess: number == 3
      ).chunk?.randomAccess
    }
    #expect(kinds == [true, false, false, true, false, false])
  }

  @Test func damagedFramesAreDropsNotErrors() throws {
    let jpegs = try Material.jpegs("yuvj420p", width: 160, height: 120, frames: 4)
    for mode in VideoSettings.Mode.allCases {
      let processor = try VideoProcessor(
        format: Material.format(.mjpeg, 160, 120, fullRange: true), settings: VideoSettings(mode: mode))
      let cut = Array(jpegs[1][..<(jpegs[1].count / 2)])
      let large = try Material.jpegs("yuvj420p", width: 640, height: 480, frames: 1)[0]
      let (film, results) = try Material.film(processor, [jpegs[0], cut, [], large, jpegs[3]])
      #expect(results.map { $0.drop } == [nil, .decode, .decode, .decode, nil])
      #expect(processor.dropped == [.decode: 3])
      #expect(try Material.decoded(film, width: 160, height: 120).count == 2)
    }
  }

  @Test func skippedFramesAreCounted() throws {
    let frames = try Material.raw("yuv420p", width: 320, height: 240, frames: 40)
    let processor = try VideoProcessor(format: Material.format(.yuv420), settings: VideoSettings(bitrate: 20_000))
    let (film, results) = try Material.film(processor, frames)
    let skipped = results.count { $0.drop == .encoder }
    #expect(skipped > 0 && processor.dropped == [.encoder: UInt64(skipped)])
    #expect(try Material.decoded(film, width: 320, height: 240).count == 40 - skipped)
  }

  @Test func camerasJPEGsPassThroughAsTheyAre() throws {
    let jpegs = try Material.jpegs("yuvj422p", width: 160, height: 120, frames: 5)
    let processor = try VideoProcessor(
      format: Material.format(.mjpeg, 160, 120, fullRange: true), settings: VideoSettings(mode: .mjpeg))
    let (film, results) = try Material.film(processor, jpegs)
    #expect(results.allSatisfy { $0.chunk?.randomAccess == true })
    let stream = try #require(Tool.ffprobe("-show_streams", input: film).first)
    #expect(stream["codec_name"] == "mjpeg" && stream["width"] == "160" && stream["color_range"] == "pc")
    #expect(try Tool.ffmpeg("-i - -c copy -f mjpeg -", input: film) == Array(jpegs.joined()))
  }

  @Test func rawFramesBecomeJPEGsInThatMode() throws {
    let frames = try Material.raw("yuyv422", width: 160, height: 120, frames: 3)
    let processor = try VideoProcessor(format: Material.format(.yuyv, 160, 120), settings: VideoSettings(mode: .mjpeg))
    let (film, _) = try Material.film(processor, frames)
    #expect(try Tool.ffprobe("-show_streams", input: film).first?["codec_name"] == "mjpeg")
    #expect(try Material.decoded(film, pixels: "yuvj420p", width: 160, height: 120).count == 3)
  }

  @Test func photoIsTheCamerasOwn() throws {
    let jpegs = try Material.jpegs("yuvj422p", width: 160, height: 120, frames: 1)
    let processor = try VideoProcessor(
      format: Material.format(.mjpeg, 160, 120, fullRange: true), settings: VideoSettings())
    #expect(try processor.still(Material.frame(jpegs[0] + [0, 0, 0], 0)) == PhotoCleaner.clean(jpegs[0]))
    let half = jpegs[0][..<(jpegs[0].count / 2)] + [0xFF, 0xD9]
    #expect(throws: MediaError(.badPicture, "", advice: "")) { _ = try processor.still(Material.frame(Array(half), 0)) }
    let raw = try Material.raw("yuyv422", width: 160, height: 120, frames: 1)
    let other = try VideoProcessor(format: Material.format(.yuyv, 160, 120), settings: VideoSettings())
    #expect(try JPEGCheck(other.still(Material.frame(raw[0], 0))).width == 160)
  }

  @Test func decodeTimesAlwaysRise() throws {
    let frames = try Material.raw("yuv420p", width: 160, height: 120, frames: 3)
    let processor = try VideoProcessor(format: Material.format(.yuv420, 160, 120), settings: VideoSettings())
    let times = try frames.map {
      let chunk = try required(processor.process(Material.frame($0, 0), at: 5_000, randomAccess: false).chunk)
      #expect(chunk.duration == 40_000)
      return try MP4.baseDecodeTime(of: chunk.bytes).time
    }
    #expect(times == [0, 1, 2])
  }
}
