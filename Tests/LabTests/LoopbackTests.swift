import Foundation
import PumpkiiALSA
import PumpkiiCapture
import Testing

/// The kernel's own loopback sound card: what one program plays, our microphone hears.
@Suite(.serialized, .inTheLab, .timeLimit(.minutes(5))) struct LoopbackTests {
  private static let pcm = "hw:CARD=Loopback,DEV=1"

  private func with(_ body: (Arrivals) async throws -> Void) async throws {
    try await KernelModule.with("snd-aloop", "pcm_substreams=1") {
      try await Arrivals.with { arrivals in
        _ = try await arrivals.wait(for: "the loopback card") { ALSADirectory().list().first { $0.card == "Loopback" } }
        try await body(arrivals)
      }
    }
  }

  /// Plays 440 Hz for so many seconds; the machine that sleeps has no program that makes it.
  private func play(_ seconds: Int) async throws {
    var samples: [UInt8] = []
    for index in 0..<seconds * 48_000 {
      let sample = Int16(8000 * sin(2 * .pi * 440 * Double(index) / 48_000))
      samples += [UInt8(truncatingIfNeeded: sample), UInt8(truncatingIfNeeded: sample >> 8)]
    }
    try await Lab.withFolder { folder in
      try Data(samples).write(to: URL(fileURLWithPath: "\(folder)/tone.raw"))
      try await Shell.run("aplay -q -D hw:CARD=Loopback,DEV=0 -t raw -f S16_LE -r 48000 -c 1 \(folder)/tone.raw")
    }
  }

  @Test("what is played is heard, and a source that stops is silence, not an error (checklist 55)") func heard()
    async throws
  {
    try await with { _ in
      let isHeard = Flag()
      // Until it is heard: who opens late would miss the first.
      async let played: Void = { repeat { try await play(2) } while !isHeard.isRaised }()
      let recording = SoundRecording(ALSAMicrophone(ALSADevice(pcm: Self.pcm)))
      let heard = await Result { try await recording.wait(for: "the tone") { $0.peak > 2000 } }
      isHeard.raise()
      try await played
      _ = try heard.get()
      try await recording.wait(milliseconds: 1000)
      let state = await recording.stop()
      // What a reader that is held overruns is told as that.
      let overrun = state.counters.lost[.overrun, default: 0]
      #expect(state.error == nil && state.counters.totalLost == overrun, "\(state)")
    }
  }

  @Test("checklist 53: a card that is fast by 1000 ppm is measured as such") func drift() async throws {
    try await with { _ in
      try await Shell.run("amixer -c Loopback cset iface=PCM,name='PCM Rate Shift 100000',device=1 100100")
      let recording = SoundRecording(ALSAMicrophone(ALSADevice(pcm: Self.pcm)))
      let state = try await recording.wait(for: "a word on drift") { state in
        state.events.contains { if case .drift = $0 { true } else { false } }
      }
      let ppm = state.events.compactMap { if case .drift(let ppm) = $0 { ppm } else { nil } }.last ?? 0
      // The card's clock is the kernel's timer tick, by which alone it is off already.
      #expect((600...1500).contains(abs(ppm)), "\(ppm)")
      await recording.stop()
    }
  }

  @Test("checklist 52, 54: a card that its driver lets go in use is gone, and works when it is back") func unbind()
    async throws
  {
    try await with { arrivals in
      let recording = SoundRecording(ALSAMicrophone(ALSADevice(pcm: Self.pcm)))
      try await recording.wait(milliseconds: 300)
      try await Shell.run("echo snd_aloop.0 >/sys/bus/platform/drivers/snd_aloop/unbind")
      let state = try await recording.end()
      #expect(state.error?.code == .gone, "\(state)")
      Balance().expectNoDeviceLeft()
      try await Shell.run("echo snd_aloop.0 >/sys/bus/platform/drivers/snd_aloop/bind")
      _ = try await arrivals.wait(for: "the loopback card") { ALSADirectory().list().first { $0.card == "Loopback" } }
      let again = SoundRecording(ALSAMicrophone(ALSADevice(pcm: Self.pcm)))
      try await again.wait(milliseconds: 300)
      #expect(await again.stop().error == nil)
    }
  }
}
