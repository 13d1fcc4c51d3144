import PumpkiiCapture
import PumpkiiMedia
import Testing

@Suite struct OffFilmTests {
  @Test(arguments: [(16, 16), (160, 120), (641, 359), (1280, 720), (120, 1920), (1920, 120)])
  func `the off picture has any size and two shades only`(_ width: Int, _ height: Int) {
    let image = OffPicture.image(width: width, height: height, words: "off by policy")
    #expect(image.width == width & ~1 && image.height == height & ~1)
    #expect(Set(image.luma) == [40, 200])
    #expect(Set(image.bytes[(image.width * image.height)...]) == [128])
  }

  @Test func `other words make another picture, and what cannot be written is a gap`() {
    let one = OffPicture.image(width: 640, height: 360, words: "off by policy")
    #expect(OffPicture.image(width: 640, height: 360, words: "off by schedule") != one)
    #expect(OffPicture.image(width: 640, height: 360, words: "ünïcødé 🙂") != one)
    #expect(OffPicture.image(width: 640, height: 360, words: "OFF BY POLICY") == one)
  }

  @Test(arguments: VideoSettings.Mode.allCases)
  func `a camera, the off picture and the camera in another size are one film that never goes back`(
    _ mode: VideoSettings.Mode
  ) throws {
    var film = ContinuousFilm()
    var bytes: [UInt8] = []
    func live(_ width: Int, _ height: Int, from start: UInt64) throws {
      let format = Material.format(.yuv420, width, height)
      let processor = try VideoProcessor(format: format, settings: VideoSettings(mode: mode, bitrate: 20_000_000))
      for (number, raw) in try Material.raw("yuv420p", width: width, height: height, frames: 5).enumerated() {
        let time = start + UInt64(number) * 40_000_000
        let chunk = try required(processor.process(Material.frame(raw, number), at: time, randomAccess: false).chunk)
        bytes += try film.take(chunk.bytes, initialization: required(processor.initialization))
      }
    }
    let hour: UInt64 = 3_600_000_000_000
    try live(320, 240, from: 7 * hour)
    let off = try OffFilm(width: 320, height: 240, mode: mode, words: "off by policy")
    for second in 0..<3 {
      let time = (7 * 3600 + UInt64(second) + 1) * 90_000
      bytes += try film.take(off.chunks[second % off.chunks.count], initialization: off.initialization, at: time)
    }
    // Another size, on a clock that began anew.
    try live(160, 120, from: hour)
    let packets = try Tool.ffprobe("-show_packets -select_streams v", input: bytes)
    let times = packets.compactMap { $0["pts_time"].flatMap(Double.init) }
    #expect(packets.count == 13 && times.first == 0 && zip(times, times.dropFirst()).allSatisfy(<))
    #expect((times.last ?? 0) < 5)
    let pictures = try Material.decoded(bytes, width: 320, height: 240)
    #expect(pictures.count == 13)
    let expected = OffPicture.image(width: 320, height: 240, words: "off by policy")
    let shown = try Tool.ffmpeg(
      "-i - -fps_mode passthrough -vf scale=320:240:out_range=full -pix_fmt yuvj420p -f rawvideo -", input: bytes)
    #expect(Material.psnr(Array(shown[(6 * 115_200)..<(6 * 115_200 + 76_800)]), expected.luma) > 30)
    // The last picture is the camera's.
    let last = try Material.raw("yuv420p", width: 160, height: 120, frames: 5)[4]
    let small = try Tool.ffmpeg(
      "-f rawvideo -s 160x120 -pix_fmt yuv420p -i - -vf scale=320:240 -f rawvideo -", input: last)
    #expect(Material.psnr(pictures[12][..<76_800], small[..<76_800]) > 25)
  }

  @Test func `a film begins at a picture that stands alone, and another coding is another film`() throws {
    let raw = try Material.raw("yuv420p", width: 160, height: 120, frames: 3)
    let processor = try VideoProcessor(
      format: Material.format(.yuv420, 160, 120), settings: VideoSettings(bitrate: 20_000_000))
    let chunks = try raw.enumerated().map {
      try required(processor.process(Material.frame($1, $0), at: UInt64($0) * 40_000_000, randomAccess: false).chunk)
    }
    let header = try required(processor.initialization)
    var film = ContinuousFilm()
    #expect(try film.take(chunks[1].bytes, initialization: header).isEmpty && !film.hasBegun)
    #expect(try !film.take(chunks[0].bytes, initialization: header).isEmpty)
    let off = try OffFilm(width: 160, height: 120, mode: .mjpeg, words: "off")
    #expect(throws: MediaError(.changed, "", advice: "")) {
      try film.take(off.chunks[0], initialization: off.initialization, at: 1)
    }
    #expect(throws: MediaError(.badBoxes, "", advice: "")) {
      try film.take(Array(chunks[0].bytes.dropLast(4)), initialization: header)
    }
  }
}
