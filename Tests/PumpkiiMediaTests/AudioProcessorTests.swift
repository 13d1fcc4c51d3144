import PumpkiiCapture
import PumpkiiMedia
import Testing

@Suite struct AudioProcessorTests {
  /// Silence with a burst of 1 kHz, 20 ms long, at each of these seconds.
  private func sound(rate: Int, channels: Int, seconds: Double, bursts: [Double]) -> [Int16] {
    let count = Int(seconds * Double(rate))
    var samples = [Int16](repeating: 0, count: count * channels)
    for burst in bursts {
      let start = Int(burst * Double(rate))
      for at in start..<min(start + rate / 50, count) {
        let phase = (at - start) * 1000 % rate
        let value: Int16 = phase * 2 < rate ? 12000 : -12000
        for channel in 0..<channels { samples[at * channels + channel] = value }
      }
    }
    return samples
  }

  /// Periods of 10 ms.
  private func periods(_ samples: [Int16], _ format: AudioFormat, from start: UInt64) -> [CapturedAudio] {
    let count = format.sampleRate / 100
    return stride(from: 0, to: samples.count, by: count * format.channels).map { at in
      let position = UInt64(at / format.channels)
      return CapturedAudio(
        position: position, timestamp: start + position * 1_000_000_000 / UInt64(format.sampleRate),
        samples: Array(samples[at..<min(at + count * format.channels, samples.count)]))
    }
  }

  private func chunks(_ processor: AudioProcessor, _ periods: [CapturedAudio]) throws -> [AudioChunk] {
    try periods.flatMap { try processor.process($0, at: $0.timestamp) } + processor.flush()
  }

  /// Seconds at which bursts begin in the film as ffmpeg plays it, in the film's own time.
  private func bursts(_ film: [UInt8]) throws -> [Double] {
    let raw = try Tool.ffmpeg("-copyts -i - -af aresample=async=1:first_pts=0 -ac 1 -ar 48000 -f s16le -", input: film)
    let samples = stride(from: 0, to: raw.count - 1, by: 2).map {
      Int16(bitPattern: UInt16(raw[$0]) | UInt16(raw[$0 + 1]) << 8)
    }
    var found: [Double] = []
    var quiet = 10_000
    for (at, sample) in samples.enumerated() {
      if abs(Int(sample)) > 3000 {
        if quiet > 4800 { found.append(Double(at) / 48_000) }
        quiet = 0
      } else {
        quiet += 1
      }
    }
    return found
  }

  @Test(arguments: [(48_000, 1), (44_100, 2), (8_000, 1), (96_000, 2)])
  func soundComesOutAtItsTime(rate: Int, channels: Int) throws {
    let format = AudioFormat(sampleRate: rate, channels: channels)
    let processor = try AudioProcessor(format: format, settings: AudioSettings())
    let start: UInt64 = 4_000_000_000
    let samples = sound(rate: rate, channels: channels, seconds: 1.5, bursts: [0.25, 1.0])
    let chunks = try chunks(processor, periods(samples, format, from: start))
    #expect(chunks.map(\.packets) == [Int](repeating: 5, count: 15))
    #expect(chunks.map(\.firstUnit) == (0..<15).map { UInt64($0 * 5) })
    #expect(chunks.first?.decodeTime == start)
    let film = processor.initialization + chunks.flatMap(\.bytes)
    let stream = try #require(Tool.ffprobe("-show_streams", input: film).first)
    #expect(stream["codec_name"] == "opus" && stream["channels"] == "\(channels)")
    let found = try bursts(film)
    #expect(found.count == 2)
    for (wanted, seen) in zip([4.25, 5.0], found) { #expect(abs(wanted - seen) < 0.002, "\(wanted) came at \(seen)") }
  }

  @Test func lostSamplesBecomeSilence() throws {
    let format = AudioFormat(sampleRate: 48_000, channels: 1)
    let processor = try AudioProcessor(format: format, settings: AudioSettings())
    let samples = sound(rate: 48_000, channels: 1, seconds: 1.5, bursts: [0.25, 1.0])
    var periods = periods(samples, format, from: 1_000_000_000)
    periods.removeSubrange(40..<60)
    let film = try processor.initialization + chunks(processor, periods).flatMap(\.bytes)
    #expect(processor.filledFrames == 20 * 480)
    let found = try bursts(film)
    #expect(found.count == 2)
    for (wanted, seen) in zip([1.25, 2.0], found) { #expect(abs(wanted - seen) < 0.002) }
  }

  @Test func lastChunkHasWhatIsLeft() throws {
    let format = AudioFormat(sampleRate: 44_100, channels: 1)
    let processor = try AudioProcessor(format: format, settings: AudioSettings())
    let samples = sound(rate: 44_100, channels: 1, seconds: 0.25, bursts: [])
    let chunks = try chunks(processor, periods(samples, format, from: 1_000_000_000))
    #expect(chunks.map(\.packets) == [5, 5, 3])
    #expect(chunks.map(\.sourceUnits) == [5, 5, 3])
    #expect(try processor.flush().isEmpty)
  }

  @Test func aLongHoleStaysAHole() throws {
    let format = AudioFormat(sampleRate: 48_000, channels: 1)
    let processor = try AudioProcessor(format: format, settings: AudioSettings())
    let first = periods(sound(rate: 48_000, channels: 1, seconds: 0.25, bursts: []), format, from: 1_000_000_000)
    let second = periods(sound(rate: 48_000, channels: 1, seconds: 0.2, bursts: []), format, from: 61_000_000_000)
    let chunks = try chunks(processor, first + second)
    #expect(chunks.map(\.packets) == [5, 5, 3, 5, 5])
    #expect(chunks.map(\.firstUnit) == [0, 5, 10, 13, 18])
    #expect(chunks.map(\.sourceUnits) == [5, 5, 3, 5, 5])
    #expect(chunks[3].decodeTime == 61_000_000_000)
  }

  @Test func impossibleFormatsAreRefused() {
    for format in [AudioFormat(sampleRate: 100, channels: 1), AudioFormat(sampleRate: 48_000, channels: 6)] {
      #expect(throws: MediaError(.unsupported, "", advice: "")) {
        _ = try AudioProcessor(format: format, settings: AudioSettings())
      }
    }
    #expect(throws: MediaError(.unsupported, "", advice: "")) {
      _ = try AudioProcessor(
        format: AudioFormat(sampleRate: 48_000, channels: 1), settings: AudioSettings(bitrate: 100))
    }
  }
}

@Suite struct AudioTimelineTests {
  @Test func jitterIsLeftAlone() {
    var line = AudioTimeline(rate: 48_000, position: 0, time: 1_000_000_000)
    for period in 0..<100 {
      let jitter: UInt64 = period % 7 == 3 ? 60_000_000 : 5_000_000
      let step = line.step(
        position: UInt64(period * 480), count: 480, at: 1_000_000_000 + UInt64(period) * 10_000_000 + jitter)
      #expect(step == .go)
      line.advance(by: 480)
    }
  }

  @Test func overrunIsFilledAtOnce() {
    var line = AudioTimeline(rate: 48_000, position: 0, time: 1_000_000_000)
    #expect(line.step(position: 0, count: 480, at: 1_000_000_000) == .go)
    line.advance(by: 480)
    #expect(line.step(position: 960, count: 480, at: 1_020_000_000) == .fill(480))
    line.advance(by: 960)
    // A device that counts anew without losing time.
    #expect(line.step(position: 1_000_000, count: 480, at: 1_030_000_000) == .fill(1440))
    line.advance(by: 480)
    #expect(line.step(position: 1_000_480, count: 480, at: 9_000_000_000) == .restart)
  }

  @Test func slowClockIsFilledUp() {
    // 1 % slow: after 4 s the sound is 40 ms behind.
    var line = AudioTimeline(rate: 48_000, position: 0, time: 0)
    var filled = 0
    for period in 0..<1000 {
      if case .stretch(let frames) = line.step(
        position: UInt64(period * 480), count: 480, at: UInt64(period) * 10_100_000)
      {
        filled += frames
        line.advance(by: frames)
      }
      line.advance(by: 480)
    }
    #expect(abs(filled - 4800) < 2100)
  }

  @Test func fastClockIsThinnedOut() {
    var line = AudioTimeline(rate: 48_000, position: 0, time: 1_000_000_000)
    var skipped = 0
    for period in 0..<1000 {
      var count = 480
      if case .skip(let frames) = line.step(
        position: UInt64(period * 480), count: 480, at: 1_000_000_000 + UInt64(period) * 9_900_000)
      {
        skipped += frames
        count -= frames
      }
      line.advance(by: count)
    }
    #expect(abs(skipped - 4800) < 2600)
  }
}
