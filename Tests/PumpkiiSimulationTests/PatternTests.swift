import PumpkiiCapture
import PumpkiiMedia
import PumpkiiSimulation
import Testing

@Suite struct PatternTests {
  /// Sizes and formats, with the mark that must come back.
  @Test(arguments: [(320, 240), (640, 480), (1280, 720), (854, 480), (1920, 1080)])
  func marksSurviveAPoorJPEG(width: Int, height: Int) throws {
    let camera = CameraProfile(source: .pattern, width: width, height: height, fps: 30, quality: 20)
    let session = try #require(try device(camera: camera, clock: ManualClock()).camera).open()
    for frame in try collect(session, 3) {
      let image = try JPEGDecoder().decode(frame.bytes)
      let mark = PatternReader(width: width, height: height).read(image.luma)
      #expect(mark == FrameMark(number: frame.sequence, milliseconds: frame.sequence * 1000 / 30))
    }
  }

  @Test(arguments: CameraProfile.Format.allCases.filter { $0 != .h264 })
  func everyFormatShowsTheSamePicture(format: CameraProfile.Format) throws {
    let camera = try #require(try device(camera: smallCamera(format: format), clock: ManualClock()).camera)
    let frame = try #require(try camera.open().next(timeout: .seconds(1)))
    let image =
      format == .mjpeg
      ? try JPEGDecoder().decode(frame.bytes)
      : try PixelConverter(format: camera.format).convert(frame.bytes)
    if format != .mjpeg { #expect(try PixelConverter(format: camera.format).frameBytes == frame.bytes.count) }
    #expect(PatternReader(width: 320, height: 240).read(image.luma)?.number == 0)
    let source = try #require(camera.picture(FrameMark(number: 0, milliseconds: 0)))
    #expect(image.fullRange == (format == .mjpeg))
    let level = { (value: UInt8) in image.fullRange ? Int(value) : (Int(value) - 16) * 255 / 219 }
    let far = zip(image.luma, source.luma).filter { abs(level($0) - Int($1)) > 24 }.count
    #expect(far < 1000)
    guard format != .grey else { return }
    // The first coloured bar, in all its chroma.
    let at = 320 * 240 + 100 * 160 + 30
    #expect(abs(Int(image.bytes[at]) - Int(source.bytes[at])) < 16)
    let v = at + 320 * 240 / 4
    #expect(abs(Int(image.bytes[v]) - Int(source.bytes[v])) < 16)
  }

  @Test func marksSurviveH264AtAModestBitrate() throws {
    let folder = try ScratchFolder()
    let camera = CameraProfile(
      source: .pan(image: "devices/media/rocket.jpg", burnIn: true), format: .h264, width: 640, height: 480, fps: 25,
      bitrate: 400_000, groupFrames: 25)
    let profile = DeviceProfile(name: "t", camera: camera, folder: repository)
    let session = try #require(try SimulatedDevice(profile, clock: ManualClock()).camera).open()
    let frames = try collect(session, 30)
    try folder.write(frames.flatMap(\.bytes), "x.h264")
    #expect(try shell("ffmpeg -i x.h264 -f rawvideo -pix_fmt yuvj420p x.yuv", in: folder.path) == 0)
    let raw = try contents(folder.file("x.yuv"))
    let size = PlanarImage.byteCount(width: 640, height: 480)
    #expect(raw.count == frames.count * size)
    let read = stride(from: 0, to: raw.count, by: size).compactMap {
      PatternReader(width: 640, height: 480).read(raw[$0..<($0 + size)])?.number
    }
    #expect(read == frames.map(\.sequence))
  }

  /// The gap ends within the group it began in, or in the next one.
  @Test(arguments: [(290, 9), (490, 14)])
  func codedBytesDoNotDependOnWhatWasCollectedBefore(gap: Int, next: UInt32) throws {
    func frames(skipping: Duration) throws -> [UInt32: [UInt8]] {
      let clock = ManualClock()
      let camera = CameraProfile(
        source: .pattern, format: .h264, width: 320, height: 240, fps: 25, bitrate: 1_000_000, groupFrames: 10,
        buffers: 2)
      let session = try #require(try device(camera: camera, clock: clock).camera).open()
      var frames = try collect(session, 3)
      clock.advance(by: skipping)
      frames += try collect(session, 20)
      return Dictionary(uniqueKeysWithValues: frames.map { ($0.sequence, $0.bytes) })
    }
    let whole = try frames(skipping: .zero)
    let torn = try frames(skipping: .milliseconds(gap))
    #expect(torn.keys.contains(next) && !torn.keys.contains(5))
    for (number, bytes) in torn where whole[number] != nil { #expect(whole[number] == bytes) }
    #expect(Set(whole.keys).intersection(torn.keys).count > 5)
    for begin in [0, 10, 20] as [UInt32] {
      let bytes = try #require(whole[begin])
      #expect(AnnexB.units(bytes).contains { bytes[$0.lowerBound] & 31 == 5 })
    }
  }

  @Test func noMarkIsReadWhereNoneIsOrOneIsDamaged() throws {
    let reader = PatternReader(width: 320, height: 240)
    #expect(reader.read([UInt8](repeating: 0, count: 320 * 240)) == nil)
    #expect(reader.read([UInt8](repeating: 128, count: 320 * 240)) == nil)
    #expect(reader.read([UInt8](repeating: 0, count: 100)) == nil)
    let camera = try #require(try device(camera: smallCamera(), clock: ManualClock()).camera)
    let image = try #require(camera.picture(FrameMark(number: 77, milliseconds: 12_345)))
    #expect(reader.read(image.luma) == FrameMark(number: 77, milliseconds: 12_345))
    for block in 0..<96 {
      var luma = Array(image.luma)
      let (x, y) = ((block % 16 + 1) * 8, (block / 16 + 1) * 8)
      for row in y..<(y + 8) { for column in x..<(x + 8) { luma[row * 320 + column] = 255 - luma[row * 320 + column] } }
      #expect(reader.read(luma) == nil)
    }
  }

  @Test func strideAndEveryBitAreRead() throws {
    let camera = try #require(try device(camera: smallCamera(), clock: ManualClock()).camera)
    for mark in [FrameMark(number: .max, milliseconds: 0), FrameMark(number: 0x8000_0001, milliseconds: 0xA5A5_5A5A)] {
      let image = try #require(camera.picture(mark))
      var padded: [UInt8] = []
      for row in 0..<240 { padded += image.bytes[(row * 320)..<((row + 1) * 320)] + [UInt8](repeating: 9, count: 13) }
      #expect(PatternReader(width: 320, height: 240, stride: 333).read(padded) == mark)
    }
  }

  @Test func thePanMovesAndCanBePaintedAgain() throws {
    let profile = try DeviceProfile.load(path: "\(repository)/devices/still-pan.yaml")
    let camera = try #require(try SimulatedDevice(profile, clock: ManualClock()).camera)
    let frames = try collect(try camera.open(), 2)
    var images: [PlanarImage] = []
    for frame in frames {
      let image = try JPEGDecoder().decode(frame.bytes)
      let mark = try #require(PatternReader(width: 640, height: 480).read(image.luma))
      #expect(mark.number == frame.sequence)
      let painted = try #require(camera.picture(mark))
      let error = zip(image.luma, painted.luma).reduce(0) { $0 + (Int($1.0) - Int($1.1)) * (Int($1.0) - Int($1.1)) }
      #expect(Double(error) / Double(image.luma.count) < 10)
      images.append(image)
    }
    let moved = zip(images[0].luma, images[1].luma).filter { abs(Int($0) - Int($1)) > 3 }.count
    #expect(moved > 10_000)
  }
}
