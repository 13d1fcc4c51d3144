import PumpkiiMedia
import Testing

@Suite struct JPEGTests {
  @Test func goodPictureIsLeftAlone() throws {
    let jpeg = try #require(Material.jpegs("yuvj420p", width: 64, height: 48, frames: 1).first)
    let checked = try JPEGCheck(jpeg)
    #expect(checked.bytes == jpeg)
    #expect(checked.width == 64 && checked.height == 48)
    #expect(!checked.mendedTables && checked.trimmed == 0)
  }

  @Test func zerosBehindTheEndAreCutOff() throws {
    let jpeg = try #require(Material.jpegs("yuvj420p", width: 64, height: 48, frames: 1).first)
    let checked = try JPEGCheck(jpeg + [UInt8](repeating: 0, count: 1000))
    #expect(checked.bytes == jpeg && checked.trimmed == 1000)
    #expect(throws: MediaError(.badPicture, "", advice: "")) { _ = try JPEGCheck(jpeg + [1, 2, 3]) }
  }

  @Test func missingTablesArePutIn() throws {
    let jpeg = try #require(Material.jpegs("yuvj422p", width: 64, height: 48, frames: 1).first)
    let bare = without(marker: 0xC4, jpeg)
    #expect(bare.count < jpeg.count)
    let checked = try JPEGCheck(bare)
    #expect(checked.mendedTables)
    #expect(segment(0xC4, checked.bytes) == segment(0xC4, jpeg))
    let decoder = try JPEGDecoder()
    #expect(try decoder.decode(checked.bytes) == decoder.decode(jpeg))
  }

  @Test func cutShortIsRefused() throws {
    let jpeg = try #require(Material.jpegs("yuvj420p", width: 64, height: 48, frames: 1).first)
    for count in [0, 1, 2, 20, 124, jpeg.count / 2, jpeg.count - 1] {
      #expect(throws: MediaError(.badPicture, "", advice: "")) { _ = try JPEGCheck(Array(jpeg[..<count])) }
    }
    // Ended by EOI, yet half of the data is missing: only the decoder sees it.
    let half = try JPEGCheck(jpeg[..<(jpeg.count / 2)] + [0xFF, 0xD9])
    let decoder = try JPEGDecoder()
    #expect(throws: MediaError(.badPicture, "", advice: "")) { _ = try decoder.decode(half.bytes) }
  }

  @Test func brokenChainIsRefused() throws {
    let jpeg = try #require(Material.jpegs("yuvj420p", width: 64, height: 48, frames: 1).first)
    var noStart = jpeg
    noStart[1] = 0xD9
    var longSegment = jpeg
    longSegment[4] = 0xFF
    var noMarker = jpeg
    noMarker[2] = 0
    for bad in [noStart, longSegment, noMarker, without(marker: 0xC0, jpeg)] {
      #expect(throws: MediaError(.badPicture, "", advice: "")) { _ = try JPEGCheck(bad) }
    }
  }

  @Test(arguments: ["yuvj420p", "yuvj422p", "yuvj444p"], [(64, 48), (67, 45)])
  func decodesAsFfmpegDoes(pixels: String, size: (width: Int, height: Int)) throws {
    let jpeg = try #require(Material.jpegs(pixels, width: size.width, height: size.height, frames: 1).first)
    let image = try JPEGDecoder().decode(jpeg)
    #expect(image.width == size.width & ~1 && image.height == size.height & ~1 && image.fullRange)
    let crop = "crop=\(image.width):\(image.height):0:0:exact=1"
    let wanted = try Tool.ffmpeg(
      "-f mjpeg -i - -vf scale=out_range=pc,format=\(pixels),\(crop),format=yuvj420p -f rawvideo -", input: jpeg)
    #expect(Material.psnr(image.luma, wanted[..<image.luma.count]) > 45)
    #expect(Material.psnr(image.bytes, wanted) > 36)
  }

  @Test(arguments: RampJPEG.allCases)
  func decodesRarerSamplings(ramp: RampJPEG) throws {
    let image = try JPEGDecoder().decode(JPEGCheck(ramp.bytes).bytes)
    #expect(image.width == 64 && image.height == 48)
    let wanted = try Tool.ffmpeg(
      "-f mjpeg -i - -vf scale=out_range=pc,format=yuvj420p -f rawvideo -", input: ramp.bytes)
    #expect(Material.psnr(image.bytes, wanted) > 38)
  }

  @Test func strayBytesBeforeTheEndAreNoDamage() throws {
    let jpeg = try #require(Material.jpegs("yuvj420p", width: 64, height: 48, frames: 1).first)
    let decoder = try JPEGDecoder()
    let stray = jpeg.dropLast(2) + [0x12, 0x34, 0xFF, 0xD9]
    #expect(try decoder.decode(Array(stray)) == decoder.decode(jpeg))
    // Many of them are junk, not a camera's habit.
    let junk = jpeg[..<(jpeg.count - 2)] + [UInt8](repeating: 0x12, count: 500) + [0xFF, 0xD9]
    #expect(throws: MediaError(.badPicture, "", advice: "")) { _ = try decoder.decode(Array(junk)) }
  }

  @Test func encodesBack() throws {
    let image = try #require(Material.images(count: 1, fullRange: true).first)
    let jpeg = try JPEGEncoder(quality: 95).encode(image)
    #expect(try JPEGCheck(jpeg).width == 320)
    #expect(try Material.psnr(JPEGDecoder().decode(jpeg).bytes, image.bytes) > 36)
    #expect(!jpeg.indices.dropLast().contains { jpeg[$0] == 0xFF && jpeg[$0 + 1] == 0xE1 })
  }

  @Test func limitedRangeIsExpanded() throws {
    var image = PlanarImage(width: 32, height: 32, fullRange: false)
    for at in 0..<1024 { image.bytes[at] = at < 512 ? 16 : 235 }
    let back = try JPEGDecoder().decode(JPEGEncoder(quality: 100).encode(image))
    #expect(back.bytes[0] < 4 && back.bytes[1023] > 251)
    #expect(abs(Int(back.bytes[1100]) - 128) < 3)
  }

  @Test func damageNeverCrashes() throws {
    let decoder = try JPEGDecoder()
    var dice = Dice(state: 7)
    var refused = 0
    for jpeg in try [
      Material.jpegs("yuvj420p", width: 67, height: 45, frames: 1),
      Material.jpegs("yuvj444p", width: 64, height: 48, frames: 1),
    ].joined() {
      for _ in 0..<400 {
        var bad = jpeg
        for _ in 0..<Int.random(in: 1...8, using: &dice) {
          bad[Int.random(in: 0..<bad.count, using: &dice)] = UInt8.random(in: 0...255, using: &dice)
        }
        do {
          _ = try decoder.decode(JPEGCheck(bad).bytes)
        } catch {
          refused += 1
        }
        // The decoder alone, without the check before it.
        _ = try? decoder.decode(bad)
      }
      #expect(try decoder.decode(jpeg).fullRange)
    }
    #expect(refused > 100)
  }

  private func segment(_ marker: UInt8, _ jpeg: [UInt8]) -> [UInt8]? {
    let starts = jpeg.indices.dropLast(4)
    guard let at = starts.first(where: { jpeg[$0] == 0xFF && jpeg[$0 + 1] == marker }) else { return nil }
    return Array(jpeg[at..<at + 2 + Int(jpeg[at + 2]) << 8 + Int(jpeg[at + 3])])
  }

  /// The picture without the segments of one marker before its scan.
  private func without(marker: UInt8, _ jpeg: [UInt8]) -> [UInt8] {
    var kept = Array(jpeg[..<2])
    var at = 2
    while jpeg[at + 1] != 0xDA {
      let length = 2 + Int(jpeg[at + 2]) << 8 + Int(jpeg[at + 3])
      if jpeg[at + 1] != marker { kept += jpeg[at..<at + length] }
      at += length
    }
    return kept + jpeg[at...]
  }
}
