import PumpkiiALSA
import PumpkiiAgent
import PumpkiiCapture
import PumpkiiClient
import PumpkiiMedia
import PumpkiiSimulation
import PumpkiiV4L2
import Testing

/// The webcam's microphone behind the machine's own `snd-usb-audio`.
@Suite(.serialized, .inTheLab, .timeLimit(.minutes(5))) struct MicrophoneTests {
  init() async throws { try await Webcam.loadDrivers() }

  @Test("checklist 49: both rates of the microphone are what was asked for", arguments: [16_000, 48_000])
  func rates(rate: Int) async throws {
    try await Webcam.asMicrophone { _, device, _ in
      #expect(device.pcm.hasPrefix("hw:CARD="), "\(device)")
      #expect(device.rates.contains(rate), "\(device)")
      let recording = SoundRecording(ALSAMicrophone(device, wish: MicrophoneWish(sampleRate: rate)))
      try await recording.wait(milliseconds: 1500)
      let state = await recording.stop()
      #expect(state.format == AudioFormat(sampleRate: rate, channels: 1))
      #expect(state.peak > 500, "\(state)")
      // A reader that is held overruns: each hole is counted, and nothing else.
      let overrun = state.counters.lost[.overrun, default: 0] + state.counters.lost[.recovery, default: 0]
      #expect(state.jumps.isEmpty == (overrun == 0) && state.counters.totalLost == overrun, "\(state)")
    }
  }

  @Test("checklist 48: a microphone that arecord has open is busy, and the advice names it") func busy() async throws {
    try await Webcam.asMicrophone { webcam, device, _ in
      // Longer than a machine stands still.
      async let other = Shell.outcome("exec arecord -q -D \(device.pcm) -f S16_LE -r 48000 -c 1 -d 15 /dev/null")
      try await webcam.wait(for: "the other's sound") {
        $0.contains { if case .soundStarted = $0 { true } else { false } }
      }
      let recording = SoundRecording(ALSAMicrophone(device))
      let state = try await recording.end()
      #expect(state.error?.code == .busy, "\(state)")
      #expect(state.error.map { "\($0)" }?.contains("arecord") == true, "\(state)")
      _ = await other
    }
  }

  @Test("checklist 53: the drift of the microphone's clock is measured", arguments: [300.0, -300.0])
  func drift(ppm: Double) async throws {
    // A webcam that is held for long leaves samples out, of which nobody is told: its clock is slow then.
    try await Unhurried.expect("a drift of \(ppm) ppm") {
      nonisolated(unsafe) var measured = 0.0
      try await Webcam.asMicrophone(drift: ppm) { _, device, _ in
        let recording = SoundRecording(ALSAMicrophone(device, wish: MicrophoneWish(sampleRate: 16_000)))
        let state = try await recording.wait(for: "a word on drift") { Self.drift($0) != nil }
        unsafe measured = Self.drift(state) ?? 0
        await recording.stop()
      }
      return Unhurried.Outcome(isCalm: unsafe abs(measured - ppm) < 250, said: unsafe "\(measured)")
    }
  }

  private static func drift(_ state: SoundRecord) -> Double? {
    state.events.lazy.compactMap { if case .drift(let ppm) = $0 { ppm } else { nil } }.last
  }

  @Test("checklist 52, 54: an unplugged microphone is gone at once and found again by what it is") func unplug()
    async throws
  {
    try await Webcam.asMicrophone { webcam, device, arrivals in
      let recording = SoundRecording(ALSAMicrophone(device))
      try await recording.wait(milliseconds: 300)
      webcam.device.perform(Fault(.unplug, at: 0, backAfter: 500_000_000))
      let state = try await recording.end()
      #expect(state.error?.code == .gone, "\(state)")
      _ = try await arrivals.wait(for: "the microphone") { ALSADirectory().find(device.identity.id) }
      let again = SoundRecording(ALSAMicrophone(device))
      try await again.wait(milliseconds: 300)
      #expect(await again.stop().error == nil)
      Balance().expectNoDeviceLeft()
    }
  }

  @Test("the whole agent streams picture and sound of one webcam to a viewer") func pictureAndSound() async throws {
    let webcam = try Webcam()
    try await webcam.plugged { device, arrivals in
      let microphone = try await arrivals.microphone("LAB0001")
      #expect(microphone.identity.id == device.identity.id, "the same device by the same id")
      var plan = Household.Plan(
        camera: Webcam.modestCamera(device),
        microphone: ALSAMicrophone(microphone, wish: MicrophoneWish(sampleRate: 16_000)))
      plan.configuration.video.mode = .mjpeg
      try await Household.with(plan) { household in
        let viewer = try household.watch()
        try await viewer.wait(for: "two seconds of both") {
          $0.chunks(.video).count >= 20 && $0.chunks(.audio).count >= 10
        }
        #expect(await viewer.stop().refusals == [])
      } after: { household in
        try Accounts.expectBalanced(household, "video")
        try Accounts.expectBalanced(household, "audio")
      }
    }
  }
}
