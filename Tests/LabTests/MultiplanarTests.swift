import PumpkiiCapture
import PumpkiiV4L2
import Testing

/// vivid with queues of several planes, as boards' drivers have them.
@Suite(.serialized, .inTheLab, .timeLimit(.minutes(5))) struct MultiplanarTests {
  private func with(lends: Bool, _ body: (Recording) async throws -> Void) async throws {
    try await KernelModule.with("vivid", "n_devs=1 multiplanar=2 num_inputs=1 input_types=0") {
      try await Arrivals.with { arrivals in
        let device = try await arrivals.camera("vivid")
        let wish = CameraWish(width: 320, height: 180, rate: 15, pixels: .nv12, use: .raw, lendsBuffers: lends)
        let recording = Recording(V4L2Camera(device, wish: wish))
        try await body(recording)
        await recording.stop()
      }
    }
    Balance().expectNoDeviceLeft()
  }

  @Test("checklist 9, 13: NV12 in two planes comes whole, without the driver's stale line length") func planes()
    async throws
  {
    try await with(lends: false) { recording in
      try await recording.wait(frames: 20)
      let state = await recording.stop()
      #expect(state.format?.pixels == .nv12)
      #expect(state.frames.allSatisfy { $0.count == 320 * 180 * 3 / 2 }, "\(state.frames.map(\.count))")
      #expect(state.unaccounted == 0)
    }
  }

  @Test("checklist 18, 19, 47: buffers lent with descriptors come back, and none of them stays open") func lending()
    async throws
  {
    try await with(lends: true) { recording in
      try await recording.wait(frames: 20)
      let state = await recording.stop()
      #expect(state.frames.allSatisfy { $0.descriptors > 0 }, "\(state.frames.map(\.descriptors))")
      #expect(state.newest.count == 320 * 180 * 3 / 2)
      #expect(state.counters.buffersLost == 0)
    }
  }
}
