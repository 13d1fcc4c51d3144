import PumpkiiALSA
import PumpkiiAgent
import PumpkiiCapture
import PumpkiiClient
import PumpkiiSimulation
import PumpkiiV4L2
import Testing

/// The machine goes to sleep with its devices open: the kernel suspends them all and wakes them a second later
/// (`pm_test`), as with the lid of a laptop.
@Suite(.serialized, .inTheLab, .timeLimit(.minutes(5))) struct SuspendTests {
  private func sleep() async throws {
    try await Shell.run(
      "echo 1 >/sys/module/suspend/parameters/pm_test_delay && echo devices >/sys/power/pm_test && "
        + "echo freeze >/sys/power/state; result=$?; echo none >/sys/power/pm_test; exit $result")
  }

  /// Whether the loopback card counts on while it sleeps depends on when its timer was stopped; what it did not make must be
  /// told as sleep and as nothing else. (With a plugin that always loses the time, PumpkiiALSATests asks for the number.)
  @Test("checklist 52: a card that slept is resumed, and what it missed is counted as sleep") func sound() async throws
  {
    try await KernelModule.with("snd-aloop", "pcm_substreams=1") {
      try await Arrivals.with { arrivals in
        _ = try await arrivals.wait(for: "the loopback card") { ALSADirectory().list().first { $0.card == "Loopback" } }
        let recording = SoundRecording(ALSAMicrophone(ALSADevice(pcm: "hw:CARD=Loopback,DEV=1")))
        try await recording.wait(milliseconds: 500)
        try await sleep()
        try await recording.wait(milliseconds: 1000)
        let state = await recording.stop()
        #expect(state.error == nil, "\(state)")
        #expect(state.counters.recoveries["recover", default: 0] >= 1, "\(state.counters)")
        // A hole has the name of what was noticed first; a reader that is held overruns.
        let told = state.counters.lost[.suspended, default: 0] + state.counters.lost[.overrun, default: 0]
        #expect(told == state.counters.totalLost, "\(state.counters)")
        #expect(state.jumps.isEmpty == (state.counters.totalLost == 0), "\(state)")
        #expect((0...96_000).contains(state.uncollected), "\(state)")
      }
    }
  }

  @Test(
    "checklist 52: the machine sleeps while a viewer watches and listens: both go on, what the card missed is counted")
  func wholeAgent() async throws {
    try await KernelModule.with("snd-aloop", "pcm_substreams=1") {
      try await KernelModule.with("vivid", "n_devs=1 num_inputs=1 input_types=0") {
        try await Arrivals.with { arrivals in
          _ = try await arrivals.wait(for: "the loopback card") {
            ALSADirectory().list().first { $0.card == "Loopback" }
          }
          let wish = CameraWish(width: 320, height: 180, rate: 10, pixels: .yuyv)
          let plan = Household.Plan(
            camera: V4L2Camera(try await arrivals.camera("vivid"), wish: wish),
            microphone: ALSAMicrophone(ALSADevice(pcm: "hw:CARD=Loopback,DEV=1")))
          try await sleepWatched(plan)
        }
      }
    }
  }

  private func sleepWatched(_ plan: Household.Plan) async throws {
    try await Household.with(plan) { household in
      let viewer = try household.watch()
      try await viewer.wait(for: "picture and sound") { $0.chunks(.video).count >= 5 && $0.chunks(.audio).count >= 5 }
      try await sleep()
      let (pictures, sounds) = (viewer.now.chunks(.video).count, viewer.now.chunks(.audio).count)
      try await viewer.wait(for: "both after the sleep") {
        $0.chunks(.video).count >= pictures + 10 && $0.chunks(.audio).count >= sounds + 15
      }
      #expect(await viewer.stop().refusals == [])
    } after: { household in
      let ledger = try household.ledger
      #expect(ledger.sum("microphone", "recovery_recover") >= 1, "\(ledger.closings("microphone"))")
      let hasSlept = household.log.all.contains { $0.contains("slept") && $0.contains("recover") }
      #expect(hasSlept || ledger.sum("microphone", "lost_overrun") > 0, "\(household.log.all)")
      // A machine that is busy besides may come too late for the card; a hole has the name of what was noticed first.
      let told = ledger.sum("microphone", "lost_suspended") + ledger.sum("microphone", "lost_overrun")
      #expect(told == Accounts.lostSound(ledger), "\(ledger.closings("microphone"))")
      try Accounts.expectSoundBalanced(household, rate: 48_000)
      try Accounts.expectBalanced(household, "video")
    }
    Balance().expectNoDeviceLeft()
  }

  @Test("a camera that slept goes on, and what it did not make is no frame of anybody") func picture() async throws {
    try await KernelModule.with("vivid", "n_devs=1 num_inputs=1 input_types=0") {
      try await Arrivals.with { arrivals in
        let device = try await arrivals.camera("vivid")
        let recording = Recording(
          V4L2Camera(device, wish: CameraWish(width: 320, height: 180, rate: 10, pixels: .yuyv)))
        try await recording.wait(frames: 5)
        try await sleep()
        try await recording.wait(frames: 10)
        let state = await recording.stop()
        #expect(state.error == nil)
        #expect(state.unaccounted == 0, "\(state.counters), made \(state.made ?? 0)")
      }
    }
  }

  /// vhci-hcd refuses to sleep while a device is attached: that a USB camera sleeps with the machine cannot be shown here.
  /// What can is the camera's own sleep while nobody uses it.
  @Test("a webcam that its bus let sleep is woken by an opening") func runtimeSuspend() async throws {
    try await Webcam.loadDrivers()
    let webcam = try Webcam { $0.microphone = nil }
    try await webcam.plugged { device, _ in
      let power = "\(try #require(device.usb).sysfsPath)/power"
      try await Shell.run("echo 0 >\(power)/autosuspend_delay_ms; echo auto >\(power)/control")
      _ = await Shell.outcome(
        "for i in $(seq 50); do grep -q suspended \(power)/runtime_status && exit 0; sleep 0.1; done; exit 1")
      let recording = Recording(V4L2Camera(device, wish: CameraWish(width: 320, height: 240, rate: 15, pixels: .mjpeg)))
      try await recording.wait(frames: 5)
      #expect(await recording.stop().error == nil)
    }
  }
}
