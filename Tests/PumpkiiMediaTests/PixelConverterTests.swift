import PumpkiiCapture
import PumpkiiMedia
import Testing

@Suite struct PixelConverterTests {
  @Test(
    arguments: [
      (VideoFormat.Pixels.yuv420, "yuv420p"), (.yuv422, "yuv422p"), (.yuv444, "yuv444p"), (.grey, "gray"),
      (.yuyv, "yuyv422"), (.nv12, "nv12"),
    ])
  func convertsAsFfmpegDoes(pixels: VideoFormat.Pixels, name: String) throws {
    let source = try #require(Material.raw(name, width: 64, height: 48, frames: 1).first)
    let converter = try PixelConverter(format: Material.format(pixels, 64, 48))
    #expect(converter.frameBytes == source.count)
    let image = try converter.convert(source)
    let wanted = try Tool.ffmpeg(
      "-f rawvideo -pix_fmt \(name) -s 64x48 -i - -vf scale=flags=accurate_rnd -pix_fmt yuv420p -f rawvideo -",
      input: source)
    if pixels == .grey {
      #expect(image.luma.elementsEqual(source))
      #expect(image.bytes[(64 * 48)...].allSatisfy { $0 == 128 })
    } else {
      #expect(Material.psnr(image.luma, wanted[..<(64 * 48)]) > 60)
      #expect(Material.psnr(image.bytes, wanted) > 34)
    }
    #expect(throws: MediaError(.badPicture, "", advice: "")) { _ = try converter.convert(Array(source.dropLast())) }
  }

  @Test func paddingAtLineEndsIsLeftOut() throws {
    let luma = (0..<4).flatMap { line in (0..<6).map { UInt8(line * 10 + $0) } }
    let chroma = [UInt8](repeating: 128, count: 3 * 2 * 2)
    let tight = try PixelConverter(format: Material.format(.yuv420, 6, 4)).convert(luma + chroma)
    var format = Material.format(.yuv420, 6, 4)
    format.bytesPerLine = 8
    var padded: [UInt8] = []
    for line in 0..<4 { padded += Array(luma[line * 6..<line * 6 + 6]) + [255, 255] }
    padded += [UInt8](repeating: 128, count: 16)
    #expect(try PixelConverter(format: format).convert(padded) == tight)
  }

  @Test func oddSidesLoseTheirLastColumnAndRow() throws {
    let luma = (0..<5).flatMap { line in (0..<7).map { UInt8(line * 10 + $0) } }
    let converter = try PixelConverter(format: Material.format(.grey, 7, 5))
    let image = try converter.convert(luma)
    #expect(image.width == 6 && image.height == 4)
    #expect(image.luma.elementsEqual((0..<4).flatMap { line in (0..<6).map { UInt8(line * 10 + $0) } }))
  }

  @Test func impossibleFormatsAreRefused() {
    for format in [
      Material.format(.mjpeg), Material.format(.grey, 1, 100), Material.format(.grey, 20000, 100),
      VideoFormat(pixels: .yuyv, width: 100, height: 10, bytesPerLine: 100, rate: .init(25)),
    ] {
      #expect(throws: MediaError(.unsupported, "", advice: "")) { _ = try PixelConverter(format: format) }
    }
  }
}
