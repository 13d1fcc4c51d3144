import PumpkiiCapture
import PumpkiiClient
import PumpkiiV4L2
import Testing

/// The kernel's own model of a camera, for formats that webcams do not have.
@Suite(.serialized, .inTheLab, .timeLimit(.minutes(5))) struct VividTests {
  /// A camera of vivid with a small picture, and nothing left of it afterwards.
  private func with(
    _ pixels: VideoFormat.Pixels, controls: [String: Int] = [:], _ body: (V4L2Device, Recording) async throws -> Void
  ) async throws {
    try await KernelModule.with("vivid", "n_devs=1 num_inputs=1 input_types=0") {
      let balance = Balance()
      try await Arrivals.with { arrivals in
        let device = try await arrivals.camera("vivid")
        let wish = CameraWish(width: 320, height: 180, rate: 15, pixels: pixels, controls: controls)
        let recording = Recording(V4L2Camera(device, wish: wish))
        try await body(device, recording)
        await recording.stop()
      }
      balance.expectNoDeviceLeft()
    }
  }

  @Test("checklist 1, 2: of vivid's many nodes one captures") func oneNodeCaptures() async throws {
    try await KernelModule.with("vivid", "n_devs=1 num_inputs=1 input_types=0") {
      try await Arrivals.with { arrivals in
        let device = try await arrivals.camera("vivid")
        let all = V4L2Directory().list().filter { $0.driver == "vivid" }
        #expect(all.count > 1)
        #expect(all.filter(\.isCamera).map(\.path) == [device.path])
        #expect(!device.identity.id.contains("/dev"))
      }
    }
  }

  @Test("YUYV comes whole, one frame after the other", arguments: [(VideoFormat.Pixels.yuyv, 2.0), (.nv12, 1.5)])
  func rawFramesComeWhole(pixels: VideoFormat.Pixels, bytesAPixel: Double) async throws {
    try await with(pixels) { _, recording in
      try await recording.wait(frames: 30)
      let state = await recording.stop()
      let format = try #require(state.format)
      #expect(format.pixels == pixels)
      #expect((format.width, format.height) == (320, 180))
      #expect(state.frames.allSatisfy { $0.count == Int(320 * 180 * bytesAPixel) })
      #expect(state.frames.first?.sequence == 0 || state.counters.totalLost > 0)
      #expect(state.unaccounted == 0, "\(state.counters), made \(state.made ?? 0)")
      #expect(state.frames.allSatisfy { $0.timestamp <= $0.collected }, "no frame is from the future (checklist 40)")
    }
  }

  @Test("a control that was wished for is set") func controlsAreSet() async throws {
    try await with(.yuyv, controls: ["brightness": 77]) { device, recording in
      try await recording.wait(frames: 3)
      #expect(try await Shell.run("v4l2-ctl -d \(device.path) -C brightness").contains("brightness: 77"))
    }
  }

  @Test("checklist 39, 41: a driver's impossible time is not believed", arguments: [1, 2])
  func wrappedTimestamps(mode: Int) async throws {
    try await with(.yuyv) { device, recording in
      try await recording.wait(frames: 2)
      try await Shell.run("v4l2-ctl -d \(device.path) -c wrap_timestamp=\(mode)")
      let state = try await recording.wait(frames: 15)
      let skew = state.frames.map { Int64(bitPattern: $0.collected &- $0.timestamp) }
      #expect(skew.allSatisfy { abs($0) < 30_000_000_000 }, "\(skew)")
    }
  }

  @Test("checklist 41, 42: numbers that wrap are no gap") func wrappedSequence() async throws {
    try await with(.yuyv) { device, recording in
      try await recording.wait(frames: 2)
      try await Shell.run("v4l2-ctl -d \(device.path) -c wrap_sequence_number=1")
      try await recording.wait(frames: 20)
      let state = await recording.stop()
      #expect(state.counters.lost[.gap, default: 0] < 1000, "\(state.counters)")
      #expect(state.frames.last.map { $0.sequence < 10_000 } == true)
    }
  }

  @Test("the whole agent streams NV12 as H.264 to a viewer") func theAgentStreamsNV12() async throws {
    try await KernelModule.with("vivid", "n_devs=1 num_inputs=1 input_types=0") {
      try await Arrivals.with { arrivals in
        let device = try await arrivals.camera("vivid")
        let wish = CameraWish(width: 320, height: 180, rate: 10, pixels: .nv12)
        try await Household.with(Household.Plan(camera: V4L2Camera(device, wish: wish))) { household in
          let viewer = try household.watch()
          try await viewer.wait(for: 20, more: .video)
          #expect(await viewer.stop().refusals == [])
        } after: { household in
          try Accounts.expectBalanced(household, "video")
        }
      }
    }
  }

  @Test("checklist 12, 28: an HDMI source without a signal is said, not called a fault") func noSignal() async throws {
    try await KernelModule.with("vivid", "n_devs=1 num_inputs=1 input_types=3") {
      try await Arrivals.with { arrivals in
        let device = try await arrivals.camera("vivid")
        let recording = Recording(V4L2Camera(device, wish: CameraWish(pixels: .yuyv)))
        try await recording.wait(frames: 2)
        try await Shell.run("v4l2-ctl -d \(device.path) -c dv_timings_signal_mode=1")
        try await recording.wait(for: "the loss of the signal") { state in
          state.events.contains(.signal(isPresent: false)) || state.error?.code == .noSignal
        }
        await recording.stop()
      }
    }
  }
}
