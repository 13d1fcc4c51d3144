import PumpkiiCapture
import PumpkiiClient
import PumpkiiSimulation
import PumpkiiV4L2
import Testing

/// The shutter on the camera: what a person sees with their own eyes, the agent says too.
@Suite(.serialized, .inTheLab, .timeLimit(.minutes(5))) struct PrivacyTests {
  init() async throws { try await Webcam.loadDrivers() }

  @Test("checklist 29: the shutter is told at opening, when it closes and when it opens, while frames go on")
  func shutter() async throws {
    let webcam = try Webcam()
    try await webcam.plugged { device, _ in
      let recording = Recording(V4L2Camera(device, wish: CameraWish(width: 320, height: 240, rate: 15, pixels: .mjpeg)))
      try await recording.wait(frames: 5)
      try await recording.wait(for: "the shutter's state") { $0.events.contains(.shutter(isClosed: false)) }
      webcam.device.setShutter(closed: true)
      try await recording.wait(for: "the closing") { $0.events.contains(.shutter(isClosed: true)) }
      try await recording.wait(frames: 5)
      webcam.device.setShutter(closed: false)
      try await recording.wait(for: "the opening") {
        $0.events.last { if case .shutter = $0 { true } else { false } } == .shutter(isClosed: false)
      }
      let state = await recording.stop()
      let told = state.events.filter { if case .shutter = $0 { true } else { false } }
      #expect(told == [.shutter(isClosed: false), .shutter(isClosed: true), .shutter(isClosed: false)])
      #expect(state.unaccounted == 0 && state.counters.lost[.damaged] == nil, "\(state.counters)")
    }
  }

  @Test("checklist 29: a shutter's state is read without streaming") func readWithoutStreaming() async throws {
    let webcam = try Webcam()
    try await webcam.plugged { device, _ in
      let camera = V4L2Camera(device, wish: CameraWish(width: 320, height: 240, rate: 15, pixels: .mjpeg))
      for isClosed in [true, false, true] {
        webcam.device.setShutter(closed: isClosed)
        try await webcam.wait(for: "the shutter") { events in
          events.last { if case .shutter = $0 { true } else { false } } == .shutter(isClosed: isClosed)
        }
        #expect(camera.readShutter() == isClosed)
      }
      #expect(webcam.openings == 0)
    }
  }

  @Test("the agent's ledger says when the shutter closed and opened") func theAgentSaysIt() async throws {
    let webcam = try Webcam()
    try await webcam.plugged { device, _ in
      let camera = V4L2Camera(device, wish: CameraWish(width: 320, height: 240, rate: 10, pixels: .mjpeg))
      try await Household.with(Household.Plan(camera: camera)) { household in
        let viewer = try household.watch()
        try await viewer.wait(for: 5, more: .video)
        webcam.device.setShutter(closed: true)
        try await household.log.wait(for: "camera closed")
        let openings = webcam.openings
        // While it is closed the camera is asked about it and not opened.
        let asked = webcam.device.log.events.count { $0 == .shutterRead }
        try await webcam.wait(for: "looks at the shutter") { $0.count { $0 == .shutterRead } >= asked + 3 }
        #expect(webcam.openings == openings, "\(webcam.device.log.events)")
        webcam.device.setShutter(closed: false)
        try await household.log.waitForShutter()
        try await viewer.wait(for: 5, more: .video)
        await viewer.stop()
      } after: { household in
        #expect(try household.ledger.shutter == ["shutter_open", "shutter_closed", "shutter_open"])
        try Accounts.expectBalanced(household, "video")
      }
    }
  }
}
