import PumpkiiCapture
import PumpkiiSimulation
import PumpkiiV4L2
import Testing

/// A camera that stops: every rung of the ladder on the machine's own drivers.
@Suite(.serialized, .inTheLab, .timeLimit(.minutes(5))) struct LadderTests {
  init() async throws { try await Webcam.loadDrivers() }

  private func camera(_ device: V4L2Device) -> V4L2Camera {
    V4L2Camera(
      device, wish: CameraWish(width: 320, height: 240, rate: 15, pixels: .mjpeg, frozenAfter: 1_000_000_000))
  }

  @Test("checklist 30: a frozen camera is restarted, opened anew, reset, and then gives frames again")
  func aFrozenCamera() async throws {
    let webcam = try Webcam()
    try await webcam.plugged { device, arrivals in
      let recording = Recording(camera(device))
      try await recording.wait(frames: 5)
      webcam.device.perform(Fault(.freeze, at: 0))
      // A reset makes the node anew; a session may end with it as with an unplugging, and whoever holds the lease opens
      // the camera again.
      let state = try await recording.wait(for: "a reset or the end") { state in
        Self.rungs(state).contains("reset") || state.made != nil
      }
      let rungs = Self.rungs(state)
      #expect(rungs.first == "restart", "\(state.events)")
      #expect(rungs.contains("reset"), "\(state.events)")
      await recording.stop()
      let found = try await arrivals.camera("uvcvideo", webcam.serial)
      let second = Recording(camera(found))
      try await second.wait(frames: 3)
      #expect(await second.stop().error == nil)
    }
  }

  private static func rungs(_ state: PictureRecord) -> [String] {
    state.events.compactMap { if case .recovering(let rung, _) = $0 { rung } else { nil } }
  }

  @Test("checklist 30: the kernel's USB reset thaws a camera, and its node is made anew") func reset() async throws {
    try await rung { (resetter, address) throws(CaptureError) in try resetter.reset(address) }
  }

  @Test("checklist 30: taking a device's authorisation and giving it back thaws a camera") func reauthorize()
    async throws
  {
    try await rung { (resetter, address) throws(CaptureError) in try resetter.reauthorize(address) }
  }

  private func rung(
    _ climb: @escaping @Sendable (USBResetter, USBAddress) throws(CaptureError) -> Void
  ) async throws {
    let webcam = try Webcam()
    try await webcam.plugged { device, arrivals in
      let address = try #require(device.usb)
      webcam.device.perform(Fault(.freeze, at: 0))
      let configured = webcam.device.log.events.count { $0 == .configured }
      try climb(USBResetter(), address)
      try await webcam.wait(for: "its new configuration") { $0.count { $0 == .configured } > configured }
      let again = try await arrivals.camera("uvcvideo", webcam.serial)
      #expect(again.identity.id == device.identity.id)
      let recording = Recording(V4L2Camera(again, wish: CameraWish(width: 320, height: 240, rate: 15, pixels: .mjpeg)))
      try await recording.wait(frames: 3)
      #expect(await recording.stop().error == nil)
    }
  }
}
