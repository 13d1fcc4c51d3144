import PumpkiiCapture
import PumpkiiSimulation
import Testing

@Suite struct SoundTests {
  @Test func periodsComeAtTheirPace() throws {
    let clock = ManualClock()
    let start = clock.now()
    let session = try #require(try device(microphone: MicrophoneProfile(channels: 2), clock: clock).microphone).open()
    for index in 0..<20 {
      let audio = try #require(try session.next(timeout: .seconds(1)))
      #expect(audio.position == UInt64(index) * 960)
      #expect(audio.timestamp == start + UInt64(index) * 20_000_000)
      #expect(audio.samples.count == 1920)
      // It is there only when its last sample is.
      #expect(clock.now() == audio.timestamp + 20_000_000)
    }
    #expect(session.close() == 19_200)
  }

  @Test func anOverrunIsAStepInThePosition() throws {
    let clock = ManualClock()
    let microphone = MicrophoneProfile(buffer: 100_000_000)
    let session = try #require(try device(microphone: microphone, clock: clock).microphone).open()
    #expect(try session.next(timeout: .seconds(1))?.position == 0)
    clock.advance(by: .seconds(1))
    #expect(try session.next(timeout: .seconds(1))?.position == 46 * 960)
    #expect(session.close() == 51 * 960)
  }

  @Test func losingPeriodsIsAStepToo() throws {
    let microphone = MicrophoneProfile(faults: [Fault(.lose, at: 1, count: 2)])
    let session = try #require(try device(microphone: microphone, clock: ManualClock()).microphone).open()
    #expect(try session.next(timeout: .seconds(1))?.position == 0)
    #expect(try session.next(timeout: .seconds(1))?.position == 3 * 960)
  }

  @Test(arguments: [(48_000, 0.0), (44_100, 300), (16_000, -300)])
  func beepsAreAtFullSecondsOfTrueTime(rate: Int, drift: Double) throws {
    let clock = ManualClock()
    let start = clock.now()
    let microphone = MicrophoneProfile(rate: rate, clock: ClockQuality(driftPPM: drift))
    let session = try #require(try device(microphone: microphone, clock: clock).microphone).open()
    let samples = try collect(session, periods: 210)
    let onsets = ToneMark(sampleRate: rate).onsets(in: samples)
    #expect(onsets.count == 5 || onsets.count == 4)
    for onset in onsets {
      let time = onset / (1 + drift * 1e-6)
      #expect(abs(time - time.rounded()) < 0.003)
    }
    #expect(clock.now() > start)
  }

  @Test func flashAndBeepAreTheSameSecondHoweverTheClocksDrift() throws {
    let clock = ManualClock(jumps: true)
    let camera = smallCamera(fps: 50, buffers: 32, clock: ClockQuality(driftPPM: 900, jitter: 5_000_000))
    let microphone = MicrophoneProfile(buffer: 2_000_000_000, clock: ClockQuality(driftPPM: -900, jitter: 2_000_000))
    let device = try device(camera: camera, microphone: microphone, clock: clock)
    let sound = try #require(device.microphone).open()
    // The camera joins later: both keep the first one's origin.
    clock.advance(by: .milliseconds(370))
    let pictures = try #require(device.camera).open()
    let reader = PatternReader(width: 320, height: 240)
    var flashes: [UInt64] = []
    var lit = false
    var samples: [(time: UInt64, value: Int16)] = []
    for _ in 0..<120 {
      let frame = try #require(try pictures.next(timeout: .seconds(1)))
      let isLit = reader.isFlash(frame.bytes)
      if isLit, !lit { flashes.append(frame.timestamp) }
      lit = isLit
      while let audio = try sound.next(timeout: .zero) {
        for (index, value) in audio.samples.enumerated() {
          samples.append((audio.timestamp + UInt64(index) * 1_000_000_000 / 48_000, value))
        }
      }
    }
    let onsets = ToneMark(sampleRate: 48_000).onsets(in: samples.map(\.value))
      .map { samples[min(Int($0 * 48_000), samples.count - 1)].time }
    #expect(flashes.count == 2)
    for flash in flashes {
      let nearest = onsets.map { $0 > flash ? $0 - flash : flash - $0 }.min() ?? .max
      #expect(nearest < 32_000_000)
    }
  }

  @Test func speechIsLoudVariedAndTheSameAgain() throws {
    func speech(_ seed: UInt64) throws -> [Int16] {
      let microphone = MicrophoneProfile(source: .speech, rate: 16_000)
      let made = try device(microphone: microphone, seed: seed, clock: ManualClock())
      return try collect(try #require(made.microphone).open(), periods: 100)
    }
    let one = try speech(1)
    #expect(one == (try speech(1)))
    #expect(one != (try speech(2)))
    let levels = stride(from: 0, to: one.count, by: 320).map { start in
      one[start..<(start + 320)].reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot() / 17.9
    }
    #expect(levels.filter { $0 > 800 }.count > 40)
    #expect(levels.contains { $0 < 50 })
    #expect(ToneMark(sampleRate: 16_000).onsets(in: [Int16](repeating: 0, count: 16_000)).isEmpty)
  }

  @Test(arguments: [(1, 8), (1, 16), (1, 24), (1, 32), (3, 32)], [1, 2])
  func wavOfEveryKindIsReadAndLoops(kind: (tag: Int, bits: Int), channels: Int) throws {
    let folder = try ScratchFolder()
    let rate = 11_025
    let ramp = (0..<500).map { Double($0 % 200 - 100) / 128 }
    let path = try folder.write(
      WAVMaker.file(tag: kind.tag, bits: kind.bits, rate: rate, channels: channels, ramp), "x.wav")
    let made = try SimulatedDevice(.file(video: nil, audio: path), clock: ManualClock())
    let microphone = try #require(made.microphone)
    #expect(microphone.format == AudioFormat(sampleRate: rate, channels: channels))
    let session = try microphone.open()
    var samples: [Int16] = []
    while samples.count < 1200 * channels { samples += try #require(try session.next(timeout: .seconds(1))).samples }
    for frame in 0..<1200 {
      for channel in 0..<channels {
        let sign = channel == 1 ? -1.0 : 1.0
        #expect(abs(Double(samples[frame * channels + channel]) - sign * ramp[frame % 500] * 32_768) < 260)
      }
    }
  }

  @Test func wavOfOtherKindsIsRefusedWithTheLineThatConvertsIt() throws {
    let folder = try ScratchFolder()
    let many = try folder.write(WAVMaker.file(tag: 1, bits: 16, rate: 8000, channels: 6, [0, 0]), "six.wav")
    let double = try folder.write(WAVMaker.file(tag: 3, bits: 64, rate: 8000, channels: 1, [0, 0]), "double.wav")
    let none = try folder.write(WAVMaker.file(tag: 1, bits: 16, rate: 8000, channels: 1, []), "none.wav")
    func refusal(_ path: String) -> SimulationError? {
      do throws(SimulationError) {
        _ = try SimulatedDevice(.file(video: nil, audio: path))
        return nil
      } catch {
        return error
      }
    }
    #expect(refusal(many)?.code == .sourceUnsupported)
    #expect(refusal(many)?.advice.contains("-vn -ac 2 -c:a pcm_s16le") == true)
    #expect(refusal(double)?.code == .sourceUnsupported)
    #expect(refusal(none)?.code == .sourceDamaged)
    #expect(refusal(folder.file("absent.wav"))?.code == .sourceUnreadable)
    #expect(refusal(folder.path)?.code == .sourceUnreadable)
  }
}

/// Writes `.wav` files; the second channel is the first one upside down.
enum WAVMaker {
  static func file(tag: Int, bits: Int, rate: Int, channels: Int, _ values: [Double]) -> [UInt8] {
    func little(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(value >> (8 * $0) & 255) } }
    var data: [UInt8] = []
    for value in values {
      for channel in 0..<channels {
        let signed = channel == 1 ? -value : value
        switch (tag, bits) {
        case (3, 32): data += little(Int(Float(signed).bitPattern), 4)
        case (3, 64): data += [UInt8](repeating: 0, count: 8)
        case (_, 8): data += [UInt8(signed * 127 + 128)]
        default: data += little(Int(signed * Double(1 << (bits - 1) - 1)), bits / 8)
        }
      }
    }
    let block = channels * bits / 8
    let format = little(tag, 2) + little(channels, 2) + little(rate, 4) + little(rate * block, 4) + little(block, 2)
    let head = format + little(bits, 2)
    // A chunk nobody asked for, of odd length, stands before the sound.
    let other = Array("LIST".utf8) + little(3, 4) + [1, 2, 3, 0]
    let body = Array("WAVEfmt ".utf8) + little(16, 4) + head + other + Array("data".utf8) + little(data.count, 4) + data
    return Array("RIFF".utf8) + little(body.count, 4) + body
  }
}
