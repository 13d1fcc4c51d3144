import PumpkiiCapture
import PumpkiiSystem
import PumpkiiV4L2
import Testing

/// Errors that vivid injects into the kernel's own queue, each between good frames.
@Suite(.serialized, .inTheLab, .timeLimit(.minutes(5))) struct VividFaultTests {
  /// One error and what a session makes of it.
  struct Injection: Sendable, CustomTestStringConvertible {
    let control: String
    /// Names what must have happened after fifteen more frames, or some time later.
    let rule: String
    let holds: @Sendable (PictureRecord) -> Bool
    var testDescription: String { "\(control): \(rule)" }
  }

  static let injections = [
    Injection(control: "inject_v4l2_buf_flag_error=1", rule: "one frame counts as damaged") {
      $0.counters.lost[.damaged] == 1
    },
    Injection(control: "inject_vidioc_qbuf_error=1", rule: "a buffer that is refused once is offered again, and stays")
    {
      // Frames for which a busy machine had no buffer left are a gap; none was spoilt, and the stream was not restarted.
      $0.counters.buffersLost == 0 && $0.counters.recoveries.isEmpty && $0.counters.lost[.damaged] == nil
    },
    Injection(control: "inject_fatal_streaming_error=1", rule: "a restart in place brings frames again") {
      $0.counters.recoveries["restart", default: 0] >= 1 && $0.events.contains(.recovered)
    },
    Injection(control: "percentage_of_dropped_buffers=40", rule: "lost frames are counted by their numbers") {
      $0.counters.lost[.gap, default: 0] > 0
    },
  ]

  private func with(_ body: (V4L2Device) async throws -> Void) async throws {
    try await KernelModule.with("vivid", "n_devs=1 num_inputs=1 input_types=0") {
      try await Arrivals.with { arrivals in try await body(try await arrivals.camera("vivid")) }
    }
  }

  private func camera(_ device: V4L2Device) -> V4L2Camera {
    V4L2Camera(device, wish: CameraWish(width: 320, height: 180, rate: 15, pixels: .yuyv))
  }

  private func inject(_ control: String, _ device: V4L2Device) async throws {
    try await Shell.run("v4l2-ctl -d \(device.path) -c \(control)")
  }

  @Test("checklist 21, 22, 25, 26, 31: an injected error is survived and counted", arguments: injections)
  func anErrorIsSurvived(injection: Injection) async throws {
    try await with { device in
      let recording = Recording(camera(device))
      try await recording.wait(frames: 5)
      try await inject(injection.control, device)
      let before = recording.now.frames.count
      try await recording.wait(for: injection.rule) { $0.frames.count >= before + 15 && injection.holds($0) }
      let state = await recording.stop()
      #expect(state.error == nil)
      #expect(state.unaccounted == 0, "\(state.counters), made \(state.made ?? 0)")
    }
  }

  /// These errors hit the next call of anyone, so they wait for our opening.
  @Test(
    "checklist 14, 16: an opening that fails once is tried again or told, and the next one works",
    arguments: ["inject_vidioc_reqbufs_error=1", "inject_vidioc_streamon_error=1"])
  func anOpeningThatFails(control: String) async throws {
    try await with { device in
      try await inject(control, device)
      let first = Recording(camera(device))
      let outcome = try? await first.wait(frames: 3)
      if outcome == nil { #expect(first.now.error?.code == .failed, "\(first.now)") }
      await first.stop()
      let second = Recording(camera(device))
      try await second.wait(frames: 3)
      await second.stop()
      Balance().expectNoDeviceLeft()
    }
  }

  @Test("checklist 4, 24: a device that disconnects is gone, and nothing of it stays open") func disconnect()
    async throws
  {
    try await with { device in
      let recording = Recording(camera(device))
      try await recording.wait(frames: 5)
      try await inject("disconnect=1", device)
      let state = try await recording.end()
      #expect(state.error?.code == .gone, "\(state.error.map { "\($0)" } ?? "no error")")
      #expect(state.unaccounted == 0)
      Balance().expectNoDeviceLeft()
    }
  }

  @Test("checklist 20: after a stall a viewer gets the present, and what was skipped is counted") func aStall()
    async throws
  {
    try await with { device in
      let stalled = Flag()
      let camera = StallingCamera(base: camera(device), at: 5, until: stalled)
      defer { stalled.raise() }
      let recording = Recording(camera)
      try await recording.wait(for: "all before the stall") { $0.frames.count >= 4 }
      // Long enough for the ring to fill on a machine that stands still, too: the next frames are old ones.
      try await Task.sleep(for: .seconds(3))
      let back = Clocks.monotonic()
      stalled.raise()
      let state = try await recording.wait(for: "some after it") { $0.frames.count >= 9 }
      // The picture that was held and one old one, the newest that the ring had; then the present.
      let late = state.frames.dropFirst(6).filter { $0.timestamp < back }
      #expect(late.isEmpty, "\(late.map { back - $0.timestamp }) ns before the stall's end")
      let numbers = state.frames.map(\.sequence)
      let skipped = zip(numbers, numbers.dropFirst()).reduce(0) { $0 + UInt64($1.1 - $1.0 - 1) }
      #expect(state.counters.lost[.stale, default: 0] > 0, "\(state.counters)")
      #expect(state.counters.lost[.stale, default: 0] + state.counters.lost[.gap, default: 0] == skipped, "\(numbers)")
      await recording.stop()
    }
  }
}
