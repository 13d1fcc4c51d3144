import PumpkiiCapture
import PumpkiiMedia
import Testing

@Suite struct MovieTests {
  /// A second of picture and sound whose clocks began at `start`.
  private struct Source {
    var video: [[UInt8]] = []
    var audio: [[UInt8]] = []
    var videoHeader: [UInt8] = []
    var audioHeader: [UInt8] = []

    init(start: UInt64 = 9_000_000_000, audioLater: UInt64 = 100_000_000, width: Int = 160) throws {
      let processor = try VideoProcessor(
        format: Material.format(.yuv420, width, 120), settings: VideoSettings(groupSeconds: 0.4))
      for (number, bytes) in try Material.raw("yuv420p", width: width, height: 120, frames: 25).enumerated() {
        let time = start + UInt64(number) * 40_000_000
        video.append(
          try required(processor.process(Material.frame(bytes, number), at: time, randomAccess: false).chunk).bytes)
      }
      videoHeader = try required(processor.initialization)
      let sound = try AudioProcessor(format: AudioFormat(sampleRate: 48_000, channels: 1), settings: AudioSettings())
      let samples = [Int16](repeating: 0, count: 48_000)
      let period = CapturedAudio(position: 0, timestamp: 0, samples: samples)
      audio = try (sound.process(period, at: start + audioLater) + sound.flush()).map(\.bytes)
      audioHeader = sound.initialization
    }
  }

  @Test func filmBeginsAtZeroWithSoundInStep() throws {
    let source = try Source()
    var assembler = MovieAssembler(expecting: [.video, .audio])
    #expect(try assembler.take(.initialization, track: .video, payload: source.videoHeader).isEmpty)
    #expect(try assembler.take(.chunk, track: .video, payload: source.video[0]).isEmpty)
    #expect(try assembler.take(.initialization, track: .audio, payload: source.audioHeader).isEmpty)
    #expect(try assembler.take(.chunk, track: .video, payload: source.video[1]).isEmpty)
    #expect(!assembler.hasBegun)
    var film = try assembler.take(.chunk, track: .audio, payload: source.audio[0])
    #expect(assembler.hasBegun && !film.isEmpty)
    for chunk in source.video[2...] { film += try assembler.take(.chunk, track: .video, payload: chunk) }
    for chunk in source.audio[1...] { film += try assembler.take(.chunk, track: .audio, payload: chunk) }
    let packets = try Tool.ffprobe("-show_packets", input: film)
    let pictures = packets.filter { $0["codec_type"] == "video" }.compactMap { $0["dts_time"].flatMap(Double.init) }
    let sounds = packets.filter { $0["codec_type"] == "audio" }.compactMap { $0["dts_time"].flatMap(Double.init) }
    #expect(pictures.count == 25 && sounds.count == 50)
    #expect(pictures.first == 0 && abs((pictures.last ?? 0) - 0.96) < 0.001)
    // 100 ms later than the picture, less the 6.5 ms that an Opus decoder adds.
    #expect(abs((sounds.first ?? 0) - 0.0935) < 0.001)
    let header = try MP4.combine(initializations: [source.videoHeader, source.audioHeader])
    #expect(film.starts(with: header))
  }

  @Test func firstTimeIsExactlyZero() throws {
    for start: UInt64 in [9_000_000_000, 123_456_789_000, 1_000_000_007] {
      let source = try Source(start: start, audioLater: 0)
      for (track, header, chunk) in [
        (MovieTrack.video, source.videoHeader, source.video[0]), (.audio, source.audioHeader, source.audio[0]),
      ] {
        var assembler = MovieAssembler(expecting: [track])
        var film = try assembler.take(.initialization, track: track, payload: header)
        film += try assembler.take(.chunk, track: track, payload: chunk)
        #expect(try MP4.baseDecodeTime(of: Array(film.suffix(chunk.count))).time == 0)
      }
    }
  }

  @Test func absentTrackIsNotWaitedFor() throws {
    let source = try Source()
    var assembler = MovieAssembler(expecting: [.video, .audio])
    _ = try assembler.take(.initialization, track: .video, payload: source.videoHeader)
    #expect(try assembler.take(.chunk, track: .video, payload: source.video[0]).isEmpty)
    var film = try assembler.declareAbsent(.audio)
    #expect(film.starts(with: source.videoHeader.prefix(8)))
    film += try assembler.take(.chunk, track: .video, payload: source.video[1])
    #expect(try assembler.take(.initialization, track: .audio, payload: source.audioHeader).isEmpty)
    #expect(try assembler.take(.chunk, track: .audio, payload: source.audio[0]).isEmpty)
    #expect(assembler.ignored == 2)
    #expect(try Material.decoded(film, width: 160, height: 120).count == 2)
  }

  @Test func filmBeginsWhereDecodingMay() throws {
    let source = try Source()
    var assembler = MovieAssembler(expecting: [.video])
    _ = try assembler.take(.initialization, track: .video, payload: source.videoHeader)
    var film: [UInt8] = []
    for chunk in source.video[3...] { film += try assembler.take(.chunk, track: .video, payload: chunk) }
    #expect(assembler.ignored == 7)
    #expect(try Material.decoded(film, width: 160, height: 120).count == 15)
  }

  @Test func sameHeaderIsSwallowedAnotherIsAnError() throws {
    let source = try Source()
    var assembler = MovieAssembler(expecting: [.video])
    _ = try assembler.take(.initialization, track: .video, payload: source.videoHeader)
    _ = try assembler.take(.chunk, track: .video, payload: source.video[0])
    #expect(try assembler.take(.initialization, track: .video, payload: source.videoHeader).isEmpty)
    let other = try Source(width: 176)
    #expect(throws: MediaError(.changed, "", advice: "")) {
      _ = try assembler.take(.initialization, track: .video, payload: other.videoHeader)
    }
    #expect(throws: MediaError(.badBoxes, "", advice: "")) {
      _ = try assembler.take(.initialization, track: .audio, payload: other.videoHeader)
    }
  }

  @Test func senderThatBeginsAnewGoesOnWhereTheFilmEnded() throws {
    let (first, second) = (try Source(), try Source(start: 1_000_000_000))
    var assembler = MovieAssembler(expecting: [.video, .audio])
    var film: [UInt8] = []
    for source in [first, second] {
      film += try assembler.take(.initialization, track: .video, payload: source.videoHeader)
      film += try assembler.take(.initialization, track: .audio, payload: source.audioHeader)
      for number in 0..<25 {
        film += try assembler.take(.chunk, track: .video, payload: source.video[number])
        if number % 3 == 2, number / 3 < source.audio.count {
          film += try assembler.take(.chunk, track: .audio, payload: source.audio[number / 3])
        }
      }
    }
    let packets = try Tool.ffprobe("-show_packets", input: film)
    let pictures = packets.filter { $0["codec_type"] == "video" }.compactMap { $0["dts_time"].flatMap(Double.init) }
    let sounds = packets.filter { $0["codec_type"] == "audio" }.compactMap { $0["dts_time"].flatMap(Double.init) }
    #expect(pictures.count == 50 && pictures == pictures.sorted())
    #expect(abs(pictures[25] - 1.06) < 0.01)
    #expect(sounds == sounds.sorted())
    #expect(abs(sounds[sounds.count / 2] - pictures[25] - 0.0935) < 0.002)
  }

  @Test func missingSoundDoesNotHoldTheFilmForEver() throws {
    let source = try Source()
    var assembler = MovieAssembler(expecting: [.video, .audio])
    _ = try assembler.take(.initialization, track: .video, payload: source.videoHeader)
    _ = try assembler.take(.initialization, track: .audio, payload: source.audioHeader)
    _ = try assembler.take(.chunk, track: .video, payload: source.video[0])
    let late = try MP4.retime(chunk: source.video[1], to: (9 + 4) * 90_000)
    #expect(try !assembler.take(.chunk, track: .video, payload: late).isEmpty)
  }

  @Test func senselessTimesAreErrors() throws {
    let source = try Source()
    var assembler = MovieAssembler(expecting: [.video])
    _ = try assembler.take(.initialization, track: .video, payload: source.videoHeader)
    let chunk = try MP4.retime(chunk: source.video[0], to: .max)
    #expect(throws: MediaError(.badBoxes, "", advice: "")) {
      _ = try assembler.take(.chunk, track: .video, payload: chunk)
    }
  }

  @Test func onlyTheDecodeTimeIsRewritten() throws {
    let source = try Source()
    let moved = try MP4.rebase(chunk: source.video[3], subtracting: [1: 9 * 90_000])
    #expect(try MP4.baseDecodeTime(of: moved).time == 3 * 3600)
    #expect(zip(moved, source.video[3]).count { $0 != $1 } <= 8)
    #expect(throws: MediaError(.badBoxes, "", advice: "")) {
      _ = try MP4.rebase(chunk: source.video[3], subtracting: [1: 99 * 90_000])
    }
  }

  @Test func damagedBoxesAreErrorsNeverCrashes() throws {
    let source = try Source()
    var dice = Dice(state: 5)
    for payload in [source.videoHeader, source.audioHeader, source.video[0], source.audio[0]] {
      for _ in 0..<300 {
        var bad = payload
        bad[Int.random(in: 0..<min(bad.count, 700), using: &dice)] = UInt8.random(in: 0...255, using: &dice)
        _ = try? MP4.summary(of: bad)
        _ = try? MP4.summary(ofChunk: bad)
        _ = try? MP4.combine(initializations: [bad, source.audioHeader])
      }
      for count in 0..<100 {
        #expect(throws: MediaError(.badBoxes, "", advice: "")) { _ = try MP4.summary(of: Array(payload.prefix(count))) }
      }
    }
  }
}
