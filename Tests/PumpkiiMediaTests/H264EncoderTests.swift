import PumpkiiCapture
import PumpkiiMedia
import Testing

@Suite struct H264EncoderTests {
  private func encoder(
    bitrate: Int = 2_000_000, fullRange: Bool = false, aspect: VideoFormat.Ratio = .init(1)
  ) throws -> H264Encoder {
    try H264Encoder(
      width: 320, height: 240, rate: 25, bitrate: bitrate, fullRange: fullRange, sampleAspect: aspect)
  }

  @Test func pictureRangeAndAspectAreInTheStream() throws {
    let image = try #require(Material.images(count: 1, fullRange: true).first)
    guard
      case .unit(let bytes, let idr) = try encoder(fullRange: true, aspect: .init(4, 3)).encode(
        image, milliseconds: 0, forceIDR: false)
    else { throw Missing() }
    #expect(idr)
    let set = try #require(AnnexB.units(bytes).first { AnnexB.type(of: bytes[$0.lowerBound]) == 7 })
    let parameters = try SequenceParameters(unit: bytes[set])
    #expect(parameters.width == 320 && parameters.height == 240)
    #expect(parameters.profile == 66 && parameters.constraints & 0x40 != 0)
    #expect(parameters.colour == .init(fullRange: true, primaries: 6, transfer: 6, matrix: 6))
    #expect(parameters.sampleAspect == .init(4, 3))
    #expect(parameters.framesOnly && (parameters.reorderedFrames ?? 0) == 0)
    let seen = try #require(Tool.ffprobe("-show_streams", input: bytes).first)
    #expect(seen["color_range"] == "pc" && seen["color_space"] == "smpte170m")
    #expect(seen["sample_aspect_ratio"] == "4:3" && seen["profile"] == "Constrained Baseline")
  }

  @Test func pictureComesBackWithItsRange() throws {
    let images = try Material.images(count: 12, fullRange: true)
    let encoder = try encoder(fullRange: true)
    var stream: [UInt8] = []
    for (number, image) in images.enumerated() {
      if case .unit(let bytes, _) = try encoder.encode(image, milliseconds: Int64(number * 40), forceIDR: false) {
        stream += bytes
      }
    }
    // Without the flag ffmpeg would stretch the range on its way to yuvj420p.
    let back = try Material.decoded(stream, pixels: "yuvj420p", width: 320, height: 240)
    #expect(back.count == 12)
    for (image, decoded) in zip(images, back) { #expect(Material.psnr(image.bytes, decoded) > 32) }
  }

  @Test func forcedPictureStandsAlone() throws {
    let encoder = try encoder()
    var kinds: [Bool] = []
    for (number, image) in try Material.images(count: 9).enumerated() {
      if case .unit(_, let idr) = try encoder.encode(
        image, milliseconds: Int64(number * 40), forceIDR: number == 5)
      {
        kinds.append(idr)
      }
    }
    #expect(kinds == [true, false, false, false, false, true, false, false, false])
  }

  @Test func tinyBitrateSkipsWithACount() throws {
    let encoder = try encoder(bitrate: 20_000)
    var skipped = 0
    var stream: [UInt8] = []
    let images = try Material.images(count: 25)
    for (number, image) in (images + images).enumerated() {
      switch try encoder.encode(image, milliseconds: Int64(number * 40), forceIDR: false) {
      case .skipped: skipped += 1
      case .unit(let bytes, _): stream += bytes
      }
    }
    #expect(skipped > 0 && encoder.skipped == UInt64(skipped))
    // What was not skipped decodes: a skipped picture is no reference.
    #expect(try Material.decoded(stream, width: 320, height: 240).count == 50 - skipped)
  }

  @Test func forcedPictureIsOwedOverASkip() throws {
    let encoder = try encoder(bitrate: 20_000)
    var owed = false
    var paid = 0
    let images = try Material.images(count: 25)
    for (number, image) in (images + images).enumerated() {
      let force = encoder.skipped > 0 && number % 10 == 0
      owed = owed || force
      if case .unit(_, let idr) = try encoder.encode(image, milliseconds: Int64(number * 40), forceIDR: force), owed {
        #expect(idr)
        owed = false
        paid += 1
      }
    }
    #expect(paid > 0)
  }

  @Test func impossibleSettingsAreRefused() {
    #expect(throws: MediaError(.codecFailed, "", advice: "")) {
      _ = try H264Encoder(
        width: 321, height: 240, rate: 25, bitrate: 100_000, fullRange: false, sampleAspect: .init(1))
    }
    #expect(throws: MediaError(.codecFailed, "", advice: "")) {
      _ = try H264Encoder(width: 320, height: 240, rate: 25, bitrate: 0, fullRange: false, sampleAspect: .init(1))
    }
  }
}
