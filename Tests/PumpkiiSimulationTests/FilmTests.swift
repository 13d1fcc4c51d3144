import Foundation
import PumpkiiCapture
import PumpkiiMedia
import PumpkiiSimulation
import Testing

/// Films as ffmpeg makes them, once for all tests.
private struct Films {
  let folder: ScratchFolder
  static let shared = Result { try Films() }

  private init() throws {
    folder = try ScratchFolder()
    let source = "ffmpeg -v error -f lavfi -i testsrc=size=354x288:rate=30000/1001 -frames:v 7"
    let lines = [
      "\(source) -c:v mjpeg -q:v 3 -pix_fmt yuvj420p a.mjpeg",
      "\(source) -pix_fmt yuv420p a.y4m", "\(source) -pix_fmt yuv422p b.y4m", "\(source) -pix_fmt yuv444p c.y4m",
      "\(source) -pix_fmt gray d.y4m", "\(source) -strict -1 -pix_fmt yuv420p10le e.y4m",
      "\(source) -vf interlace,fieldorder=tff -pix_fmt yuv420p f.y4m",
      "\(source) -vf crop=353:287:0:0:exact=1 -pix_fmt yuv420p odd.y4m",
      "\(source) -c:v libx264 -bf 0 -g 4 -pix_fmt yuv420p a.h264", "\(source) -c:v mpeg4 'my film.mp4'",
      "\(source) -c:v mjpeg k.mkv", "\(source) -c:v mjpeg i.avi",
      "ffmpeg -v error -f lavfi -i sine=frequency=440:duration=1 -c:a flac a.flac",
    ]
    for line in lines { try #require(try shell(line, in: folder.path) == 0, "\(line)") }
  }
}

@Suite struct FilmTests {
  private func camera(_ name: String, fps: Double? = nil) throws -> FakeCamera {
    let films = try Films.shared.get()
    let profile = DeviceProfile.file(video: films.folder.file(name), audio: nil, fps: fps)
    return try #require(try SimulatedDevice(profile, clock: ManualClock()).camera)
  }

  private func refusal(_ path: String, audio: Bool = false) -> SimulationError? {
    do throws(SimulationError) {
      _ = try SimulatedDevice(.file(video: audio ? nil : path, audio: audio ? path : nil))
      return nil
    } catch {
      return error
    }
  }

  @Test func motionJPEGLoops() throws {
    let camera = try camera("a.mjpeg")
    #expect(camera.format.pixels == .mjpeg)
    #expect((camera.format.width, camera.format.height) == (354, 288))
    #expect(camera.format.rate == VideoFormat.Ratio(25))
    #expect(camera.format.fullRange)
    let frames = try collect(try camera.open(), 16).map(\.bytes)
    #expect(frames[7] == frames[0] && frames[15] == frames[1] && frames[1] != frames[0])
    #expect(frames[..<7].flatMap { $0 } == (try contents(try Films.shared.get().folder.file("a.mjpeg"))))
    for frame in frames { _ = try JPEGDecoder().decode(frame) }
  }

  @Test func theRateComesFromWhoKnowsIt() throws {
    #expect(try camera("a.mjpeg", fps: 50).format.rate == VideoFormat.Ratio(50))
    #expect(try camera("a.h264", fps: 29.97).format.rate == VideoFormat.Ratio(30_000, 1001))
    #expect(try camera("a.h264").format.rate == VideoFormat.Ratio(25))
    #expect(try camera("a.y4m").format.rate == VideoFormat.Ratio(30_000, 1001))
    #expect(try camera("a.y4m", fps: 29.97).format.rate == VideoFormat.Ratio(30_000, 1001))
    #expect(throws: SimulationError.self) { try camera("a.y4m", fps: 25) }
  }

  @Test(arguments: [
    ("a.y4m", VideoFormat.Pixels.yuv420), ("b.y4m", .yuv422), ("c.y4m", .yuv444), ("d.y4m", .grey),
    ("odd.y4m", .yuv420),
  ])
  func y4mOfEveryKindLoops(name: String, pixels: VideoFormat.Pixels) throws {
    let camera = try camera(name)
    #expect(camera.format.pixels == pixels)
    #expect(camera.format.width == (name == "odd.y4m" ? 353 : 354))
    // ffmpeg states full range for grey, and nothing for the others.
    #expect(camera.format.fullRange == (pixels == .grey))
    let frames = try collect(try camera.open(), 9).map(\.bytes)
    #expect(frames[7] == frames[0] && frames[8] == frames[1] && frames[1] != frames[0])
    let converter = try PixelConverter(format: camera.format)
    #expect(frames.allSatisfy { $0.count == converter.frameBytes })
  }

  @Test func h264IsCutIntoAccessUnitsAndLoops() throws {
    let camera = try camera("a.h264")
    #expect(camera.format.pixels == .h264)
    #expect((camera.format.width, camera.format.height) == (354, 288))
    let frames = try collect(try camera.open(), 9).map(\.bytes)
    #expect(frames[..<7].flatMap { $0 } == (try contents(try Films.shared.get().folder.file("a.h264"))))
    #expect(frames[7] == frames[0])
    #expect(AnnexBAccessUnits.all(of: frames[..<7].flatMap { $0 }).count == 7)
  }

  @Test func aFilmIsJoinedWhereItIsByThen() throws {
    let films = try Films.shared.get()
    let sound = try films.folder.write(
      WAVMaker.file(tag: 1, bits: 16, rate: 8000, channels: 1, (0..<8000).map { Double($0) / 8192 }), "ramp.wav")
    func first(_ video: String) throws -> (bytes: [UInt8], sample: Int16) {
      let clock = ManualClock()
      let made = try SimulatedDevice(.file(video: films.folder.file(video), audio: sound), clock: clock)
      let other = try #require(made.camera).open()
      clock.advance(by: .milliseconds(200))
      let audio = try #require(made.microphone).open()
      let value = try #require(try audio.next(timeout: .seconds(1))?.samples.first)
      other.close()
      let joined = try #require(made.camera).open()
      return (try #require(try joined.next(timeout: .zero)?.bytes), value)
    }
    // Opened at 220 ms: frame 5.5 of 25 a second, rounded up; the sound at 200 ms.
    let jpeg = try first("a.mjpeg")
    let frames = try collect(try camera("a.mjpeg").open(), 7).map(\.bytes)
    #expect(jpeg.bytes == frames[6])
    #expect(abs(Int(jpeg.sample) - 1600 * 4) < 8)
    // H.264 goes back to the group's beginning, frame 4.
    let units = try collect(try camera("a.h264").open(), 7).map(\.bytes)
    #expect(try first("a.h264").bytes == units[4])
  }

  @Test(arguments: ["my film.mp4", "k.mkv", "i.avi"])
  func otherFilmsAreRefusedWithALineThatWorks(name: String) throws {
    let folder = try Films.shared.get().folder
    let error = try #require(refusal(folder.file(name)))
    #expect(error.code == .sourceForeign)
    let line = try #require(error.advice.split(separator: "Convert it: ").last)
    #expect(try shell(String(line), in: folder.path) == 0)
    let made = folder.file(name.replacing(/\.\w+$/, with: ".mjpeg"))
    // 7 frames of 29.97 a second are 6 of 25, whatever the name.
    #expect(refusal(made) == nil)
  }

  @Test(arguments: ["e.y4m", "f.y4m"])
  func y4mThatIsNotPlainIsRefusedWithALineThatWorks(name: String) throws {
    let folder = try Films.shared.get().folder
    let error = try #require(refusal(folder.file(name)))
    #expect(error.code == .sourceUnsupported)
    let line = try #require(error.advice.split(separator: "Convert it: ").last)
    #expect(try shell(String(line), in: folder.path) == 0)
    #expect(refusal(folder.file(name.replacing(".y4m", with: "-plain.y4m"))) == nil)
  }

  @Test func otherSoundIsRefusedWithALineThatWorks() throws {
    let folder = try Films.shared.get().folder
    let error = try #require(refusal(folder.file("a.flac"), audio: true))
    #expect(error.code == .sourceForeign)
    let line = try #require(error.advice.split(separator: "Convert it: ").last)
    #expect(try shell(String(line), in: folder.path) == 0)
    #expect(refusal(folder.file("a.wav"), audio: true) == nil)
    #expect(refusal(folder.file("a.wav"))?.reason.hasSuffix("is sound, not a film") == true)
    #expect(refusal(folder.file("a.mjpeg"), audio: true)?.code == .sourceForeign)
  }

  @Test(arguments: [
    ("ID3\u{3}", "MP3"), ("OggS", "Ogg"), ("fLaC", "FLAC"), ("RIFF\0\0\0\0AVI ", "AVI"), ("FLV\u{1}", "FLV"),
    ("\0\0\0\u{18}ftypisom", "MP4 or QuickTime"), ("GIF89a", "a GIF"), ("", "an empty file"),
    ("\0\0\0\u{1}\u{40}\u{1}", "H.265"), ("\0\0\u{1}\u{46}\u{1}", "H.265"), ("hello", "a file of unknown format"),
  ])
  func contentDecidesNotTheName(head: String, name: String) throws {
    let folder = try ScratchFolder()
    let path = try folder.write(head.unicodeScalars.map { UInt8($0.value) }, "x.mjpeg")
    let error = try #require(refusal(path))
    #expect(error.code == .sourceForeign)
    #expect(error.reason.contains("is \(name);"))
  }

  @Test func damagedFilmsAreRefusedOrPlayedAsFarAsTheyAreWhole() throws {
    let folder = try ScratchFolder()
    let films = try Films.shared.get().folder
    let whole = try contents(films.file("a.mjpeg"))
    let cut = try folder.write(Array(whole.dropLast(100)), "cut.mjpeg")
    let session = try #require(try SimulatedDevice(.file(video: cut, audio: nil), clock: ManualClock()).camera).open()
    let frames = try collect(session, 7).map(\.bytes)
    #expect(frames[6] == frames[0])
    let short = try folder.write(Array(whole.prefix(200)), "short.mjpeg")
    #expect(refusal(short)?.code == .sourceDamaged)
    let y4m = try contents(films.file("a.y4m"))
    #expect(refusal(try folder.write(Array(y4m.prefix(5000)), "short.y4m"))?.code == .sourceDamaged)
    #expect(refusal(try folder.write(Array("YUV4MPEG2 H288 F25:1\nFRAME\n".utf8), "bad.y4m"))?.code == .sourceDamaged)
    let h264 = try contents(films.file("a.h264"))
    let slices = AnnexBAccessUnits.all(of: h264).dropFirst().first ?? []
    #expect(refusal(try folder.write(slices, "slice.h264"))?.code == .sourceDamaged)
  }
}
