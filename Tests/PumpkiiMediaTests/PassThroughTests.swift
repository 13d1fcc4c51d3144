import PumpkiiCapture
import PumpkiiMedia
import Testing

@Suite struct PassThroughTests {
  /// Annex B by libx264.
  private func stream(_ options: String, frames: Int = 20, pixels: String = "yuv420p") throws -> [UInt8] {
    try Tool.ffmpeg(
      "-f lavfi -i testsrc2=s=160x120:r=25 -frames:v \(frames) "
        + "-pix_fmt \(pixels) -c:v libx264 -preset ultrafast \(options) -f h264 -"
    )
  }

  private func processor() throws -> VideoProcessor {
    try VideoProcessor(format: Material.format(.h264, 160, 120), settings: VideoSettings())
  }

  @Test(arguments: [
    "-bf 0 -g 5", "-bf 0 -g 5 -x264-params aud=1:sliced-threads=0:slices=3",
    "-profile:v high -preset veryfast -bf 0 -g 5 "
      + "-x264-params repeat-headers=1:nal-hrd=cbr:bitrate=200:vbv-maxrate=200:vbv-bufsize=200",
  ])
  func accessUnitsAreCutAndPassedThrough(options: String) throws {
    let stream = try stream(options)
    let units = AnnexBAccessUnits.all(of: stream)
    #expect(units.count == 20)
    #expect(Array(units.joined()) == stream)
    let processor = try processor()
    let (film, results) = try Material.film(processor, units)
    #expect(results.map { $0.chunk?.randomAccess } == (0..<20).map { $0 % 5 == 0 })
    let wanted = try Material.decoded(stream, width: 160, height: 120)
    #expect(try Material.decoded(film, width: 160, height: 120) == wanted)
    #expect(processor.outputSize == (160, 120))
  }

  @Test func streamInSmallPiecesIsCutTheSame() throws {
    let stream = try stream("-bf 0 -g 5 -x264-params slices=2", frames: 6)
    var dice = Dice(state: 3)
    var splitter = AnnexBAccessUnits()
    var units: [[UInt8]] = []
    var rest = stream[...]
    while !rest.isEmpty {
      let count = min(Int.random(in: 1...40, using: &dice), rest.count)
      splitter.append(Array(rest.prefix(count)))
      rest = rest.dropFirst(count)
      while let unit = splitter.next() { units.append(unit) }
    }
    if let last = splitter.finish() { units.append(last) }
    #expect(units == AnnexBAccessUnits.all(of: stream))
    #expect(AnnexBAccessUnits.all(of: [1, 2, 3]).isEmpty)
    #expect(AnnexBAccessUnits.all(of: [0, 0, 1]).isEmpty)
  }

  @Test func parametersAreRead() throws {
    let stream = try stream(
      "-preset veryfast -bf 0 -vf scale=158:118,setsar=12/11 -profile:v high "
        + "-color_range pc -colorspace smpte170m -color_primaries smpte170m -color_trc smpte170m",
      frames: 1)
    let set = try #require(AnnexB.units(stream).first { AnnexB.type(of: stream[$0.lowerBound]) == 7 })
    let parameters = try SequenceParameters(unit: stream[set])
    #expect(parameters.width == 158 && parameters.height == 118)
    #expect(parameters.sampleAspect == .init(12, 11))
    #expect(parameters.colour == .init(fullRange: true, primaries: 6, transfer: 6, matrix: 6))
    #expect(parameters.profile == 100 && parameters.chroma == 1 && parameters.framesOnly)
    #expect(parameters.reorderedFrames == 0)
    for count in 0..<(set.count - 12) {
      #expect(throws: MediaError(.badPicture, "", advice: "")) {
        _ = try SequenceParameters(unit: stream[set].prefix(count))
      }
    }
  }

  @Test func deepAndDenseStreamsPass() throws {
    let stream = try stream("-bf 0 -g 5", pixels: "yuv444p")
    let (film, _) = try Material.film(processor(), AnnexBAccessUnits.all(of: stream))
    #expect(try Tool.ffprobe("-show_streams", input: film).first?["pix_fmt"] == "yuv444p")
  }

  @Test func reorderedFramesAreRefusedWithAdvice() throws {
    for options in ["-preset veryfast -bf 2 -g 10", "-preset veryfast -bf 2 -bsf:v h264_metadata=level=4"] {
      let units = AnnexBAccessUnits.all(of: try stream(options))
      let error = #expect(throws: MediaError.self) { _ = try Material.film(processor(), units) }
      #expect(error?.code == .reordered)
      #expect(error?.advice.contains("ffmpeg -i INPUT -an -c:v libx264 -bf 0") == true)
    }
  }

  @Test func slicesOfKindBAreRefusedEvenIfTheHeadIsSilent() throws {
    // A packager that never saw the parameter sets knows the slice's kind all the same.
    let units = AnnexBAccessUnits.all(of: try stream("-preset veryfast -bf 2 -g 10"))
    let bare = units.map { unit in
      AnnexB.units(unit).filter { AnnexB.isSlice(AnnexB.type(of: unit[$0.lowerBound])) }
        .reduce(into: [UInt8]()) { $0 += [0, 0, 1] + unit[$1] }
    }
    var packager = H264Packager()
    #expect(throws: MediaError(.reordered, "", advice: "")) {
      for unit in bare { _ = try packager.sample(unit) }
    }
  }

  @Test func interlacedIsRefusedWithAdvice() throws {
    let units = AnnexBAccessUnits.all(of: try stream("-bf 0 -flags +ildct+ilme -x264-params tff=1"))
    let error = #expect(throws: MediaError.self) { _ = try Material.film(processor(), units) }
    #expect(error?.code == .interlaced)
    #expect(error?.advice.contains("-vf yadif") == true)
  }

  @Test func framesBeforeTheFirstIDRAreDropped() throws {
    let units = AnnexBAccessUnits.all(of: try stream("-bf 0 -g 5"))
    let processor = try processor()
    let (film, results) = try Material.film(processor, Array(units[2...]))
    #expect(results.map { $0.drop } == [.decode, .decode, .decode] + [DropReason?](repeating: nil, count: 15))
    #expect(processor.dropped == [.decode: 3])
    var packager = H264Packager()
    #expect(try packager.sample(units[2]) == nil)
    #expect(try Material.decoded(film, width: 160, height: 120).count == 15)
  }

  @Test func anotherSizeMakesAnotherHeader() throws {
    let small = AnnexBAccessUnits.all(of: try stream("-bf 0 -g 5", frames: 5))
    let large = AnnexBAccessUnits.all(of: try stream("-bf 0 -g 5 -vf scale=320:240", frames: 5))
    let processor = try processor()
    _ = try Material.film(processor, small)
    let first = try #require(processor.initialization)
    let (film, _) = try Material.film(processor, large)
    #expect(processor.initialization != first)
    #expect(try Material.decoded(film, width: 320, height: 240).count == 5)
    #expect(processor.outputSize == (320, 240))
  }

  @Test func setsNumberedAnewStayInTheSamples() throws {
    let stream = try stream("-bf 0 -g 5", frames: 10)
    let other = try self.stream("-bf 0 -g 5 -x264-params sps-id=3", frames: 10)
    let processor = try processor()
    let (film, _) = try Material.film(
      processor, AnnexBAccessUnits.all(of: stream) + AnnexBAccessUnits.all(of: other))
    #expect(try Material.decoded(film, width: 160, height: 120).count == 20)
    let first = try self.processor()
    _ = try Material.film(first, AnnexBAccessUnits.all(of: stream))
    #expect(processor.initialization == first.initialization)
  }

  @Test func damageNeverCrashes() throws {
    let units = AnnexBAccessUnits.all(of: try stream("-bf 0 -g 2", frames: 6))
    var dice = Dice(state: 11)
    for _ in 0..<40 {
      var packager = H264Packager()
      for unit in units {
        var bad = unit
        for _ in 0..<3 {
          bad[Int.random(in: 0..<min(bad.count, 60), using: &dice)] = UInt8.random(in: 0...255, using: &dice)
        }
        _ = try? packager.sample(bad)
        if let picture = packager.newestIDR { _ = try? H264Still.decode(picture, fullRange: false) }
      }
    }
  }

  @Test func photoIsOfTheNewestWholePicture() throws {
    let stream = try stream("-bf 0 -g 5 -profile:v baseline")
    let units = AnnexBAccessUnits.all(of: stream)
    let processor = try processor()
    #expect(throws: MediaError(.noPicture, "", advice: "")) { _ = try processor.still(Material.frame(units[3], 3)) }
    _ = try Material.film(processor, Array(units[..<8]))
    let photo = try JPEGDecoder().decode(processor.still(Material.frame(units[8], 8)))
    let wanted = try Material.decoded(stream, width: 160, height: 120)[5]
    let full = try Tool.ffmpeg(
      "-f rawvideo -pix_fmt yuv420p -s 160x120 -i - -vf scale=in_range=tv:out_range=pc -pix_fmt yuvj420p -f rawvideo -",
      input: wanted)
    #expect(Material.psnr(photo.bytes, full) > 34)
  }
}
