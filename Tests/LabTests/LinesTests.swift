import PumpkiiALSA
import PumpkiiAgent
import PumpkiiCapture
import PumpkiiClient
import PumpkiiMedia
import PumpkiiSystem
import PumpkiiV4L2
import Testing

/// The switch that a hand throws and the light that shows an open sensor, on the kernel's own drivers: an input device with
/// its LED class light, and lines of a simulated GPIO chip.
@Suite(.serialized, .inTheLab, .timeLimit(.minutes(2))) struct LinesTests {
  /// A switch and a light as somebody's hands and eyes have them.
  struct Board: Sendable {
    let killSwitch: KillSwitchPlace
    let indicator: IndicatorSettings
    let set: @Sendable (Bool) async throws -> Void
    let isLit: @Sendable () async throws -> Bool
    let pull: @Sendable () async throws -> Void
    /// Another program takes the light.
    var putOut: (@Sendable () async throws -> Void)?
  }

  init() async throws { try await Webcam.loadDrivers() }

  @Test("an input device's switch closes both sensors, its light follows them, and pulled out it counts as thrown")
  func inputDevice() async throws {
    let device = try await InputDevice()
    try await follow(
      Board(
        killSwitch: .evdev(path: device.path, InputEvents.Code(isSwitch: true, number: InputDevice.switchCode)),
        indicator: IndicatorSettings(led: device.light), set: { try device.set($0) },
        isLit: { try await device.isLit }, pull: { device.pull() }, putOut: { try await device.putOut() }))
  }

  @Test("the switch on a line of a GPIO chip does the same, and another line is the light", arguments: [false, true])
  func gpio(isActiveLow: Bool) async throws {
    let chip = try await GPIOChip()
    // The line hangs on the wrong side; the chip's own resistor brings it where nobody has thrown it.
    try await chip.pull(1, up: !isActiveLow)
    try await follow(
      Board(
        killSwitch: .gpio(
          GPIOPlace(chip: chip.name, line: 1, isActiveLow: isActiveLow, pull: isActiveLow ? .up : .down)),
        indicator: IndicatorSettings(gpio: GPIOPlace(chip: chip.name, line: 2, isActiveLow: isActiveLow)),
        set: { try await chip.pull(1, up: $0 != isActiveLow) }, isLit: { try await chip.isHigh(2) != isActiveLow },
        pull: { try await chip.remove() }))
  }

  private func follow(_ board: Board) async throws {
    let webcam = try Webcam()
    try await webcam.plugged { device, arrivals in
      let microphone = try await arrivals.microphone("LAB0001")
      var plan = Household.Plan(
        camera: Webcam.modestCamera(device),
        microphone: ALSAMicrophone(microphone, wish: MicrophoneWish(sampleRate: 16_000)))
      plan.configuration.video.mode = .mjpeg
      plan.configuration.killSwitch = board.killSwitch
      plan.configuration.indicator = board.indicator
      try await Household.with(plan) { household in
        let viewer = try household.watch()
        for kind in [MediaKind.video, .audio] { try await viewer.wait(for: 5, more: kind) }
        try await Patience.wait(for: "the light") { try await board.isLit() }
        if let putOut = board.putOut {
          try await putOut()
          try await Patience.wait(for: "the light, which another program put out") { try await board.isLit() }
        }
        try await board.set(true)
        try await expectClosed(household, times: 1)
        try await Patience.wait(for: "the light to go out") { try await !board.isLit() }
        try await board.set(false)
        for kind in [MediaKind.video, .audio] { try await viewer.wait(for: 5, more: kind) }
        try await Patience.wait(for: "the light again") { try await board.isLit() }
        try await board.pull()
        try await household.log.wait(for: "cannot be read and counts as thrown")
        try await expectClosed(household, times: 2)
        await viewer.stop()
      }
    }
    Balance().expectNoDeviceLeft()
  }

  private func expectClosed(_ household: Household, times: Int) async throws {
    for sensor in ["camera", "microphone"] { try await household.log.wait(for: "\(sensor) closed", times: times) }
    #expect(Balance.open(under: "/dev/video") + Balance.open(under: "/dev/snd/pcm") == [])
  }
}
