import Glibc
import PumpkiiALSA
import PumpkiiCapture
import PumpkiiSystem
import Testing

/// Ways into alsa-lib.
@Suite struct RouteTests {
  private func error(_ body: () throws -> Void) -> CaptureError? {
    do {
      try body()
      return nil
    } catch {
      return error as? CaptureError
    }
  }

  @Test("checklist 56: through alsa-lib, so that plug converts what hw does not have")
  func plug() throws {
    let session = try SoundLab.shared().microphone(
      ["rate": 16_000, "channels": 2], through: "labplug", wish: MicrophoneWish(sampleRate: 48_000, channels: 1)
    ).open()
    defer { session.close() }
    #expect(session.format == AudioFormat(sampleRate: 48_000, channels: 1))
    let periods = try collect(session, frames: 9600)
    #expect(periods.flatMap(\.samples).contains { $0 != 0 })
  }

  @Test("checklist 56: the file plugin gives a file's samples, as fast as they are read")
  func file() throws {
    let lab = try SoundLab.shared()
    let path = try lab.file(SoundLab.tone(rate: 48_000, channels: 1))
    let witness = Witness()
    let session = try ALSAMicrophone(
      ALSADevice(pcm: "labfile:FILE=\"\(path)\""), wish: MicrophoneWish(sampleRate: 48_000, channels: 1)
    ).open(observer: witness.observer)
    defer { session.close() }
    let periods = try collect(session, frames: 9600)
    #expect(periods.flatMap(\.samples).prefix(9600).enumerated().allSatisfy { Int($1) == $0 + 1 })
    #expect(periods.map(\.position) == periods.indices.map { UInt64($0 * periods[0].samples.count) })
  }

  @Test("checklist 56: dsnoop stands on a card's timer; without a card it is refused with an error, not a hang")
  func dsnoop() throws {
    _ = try SoundLab.shared()
    let found = error {
      let session = try ALSAMicrophone(ALSADevice(pcm: "labsnoop")).open()
      session.close()
    }
    let code = try #require(found?.code)
    #expect([.gone, .failed, .unsupported].contains(code))
  }

  @Test("checklist 49: rates move silently: what was answered is read back and told")
  func movedRate() throws {
    let witness = Witness()
    let session = try SoundLab.shared().microphone(["rate": 16_000, "channels": 2]).open(observer: witness.observer)
    defer { session.close() }
    #expect(session.format == AudioFormat(sampleRate: 16_000, channels: 2))
    #expect(witness.notes.contains("asked for 48000 Hz, the microphone gives 16000 Hz"))
    let periods = try collect(session, frames: 3200)
    #expect(periods.allSatisfy { $0.samples.count == 640 })
  }

  @Test("checklist 49: what hw gives is converted here", arguments: SampleFormat.allCases)
  func converts(format: SampleFormat) throws {
    let session = try SoundLab.shared().microphone(format: format).open()
    defer { session.close() }
    let periods = try collect(session, frames: 2880)
    #expect(periods.flatMap(\.samples).enumerated().allSatisfy { Int($1) == $0 + 1 })
  }

  @Test("of an array of microphones the first one is used")
  func array() throws {
    let witness = Witness()
    var frames: [Int16] = []
    for frame in 0..<24_000 {
      for channel in 0..<4 { frames.append(Int16(frame % 5000 * 4 + channel + 1)) }
    }
    let session = try SoundLab.shared().microphone(["channels": 4], file: frames).open(observer: witness.observer)
    defer { session.close() }
    #expect(session.format.channels == 1)
    let samples = try collect(session, frames: 1920).flatMap(\.samples)
    let wanted = samples.indices.map { Int16($0 % 5000 * 4 + 1) }
    #expect(samples == wanted)
    #expect(witness.notes.contains("of the microphone's 4 channels the first 1 are used"))
  }

  @Test(
    "checklist 48: busy comes at once, and busy, absent and forbidden are three things",
    arguments: [
      (EBUSY, CaptureError.Code.busy), (EACCES, CaptureError.Code.noPermission), (ENOENT, CaptureError.Code.gone),
      (ENODEV, CaptureError.Code.gone), (EIO, CaptureError.Code.failed),
    ] as [(Int32, CaptureError.Code)])
  func refusals(number: Int32, code: CaptureError.Code) throws {
    let microphone = try SoundLab.shared().microphone(["open_error": Int(number)])
    let begin = Clocks.monotonic()
    let found = try #require(error { _ = try microphone.open() })
    #expect(Clocks.monotonic() - begin < 20_000_000_000)
    #expect(found.code == code)
    #expect(!found.advice.isEmpty)
  }

  @Test("checklist 48: a name that alsa-lib does not know is an absent microphone")
  func unknownName() throws {
    _ = try SoundLab.shared()
    for name in ["hw:CARD=nobody,DEV=0", "no-such-pcm"] {
      let found = error { _ = try ALSAMicrophone(ALSADevice(pcm: name)).open() }
      #expect(found?.code == .gone, "\(name): \(String(describing: found))")
    }
  }

  @Test("what a PCM can do is asked without starting it")
  func capabilities() throws {
    let name = try SoundLab.shared().name(["rate": 16_000, "channels": 2], format: .s24packed)
    let found = try #require(ControlInterface().capabilities(of: name))
    #expect(found == PCMCapabilities(rates: [16_000], channels: [2], formats: [.s24packed]))
    #expect(
      found.text(card: "webcam_1") == "card webcam\nrates 16000\nchannels 2\nformats S24_3LE\n")
    #expect(ControlInterface().capabilities(of: "no-such-pcm") == nil)
  }
}
