import PumpkiiClient
import PumpkiiWire
import Testing

/// A camera that is not connected: what it said once is not how it is.
@Suite(.timeLimit(.minutes(10))) struct OfflineTests {
  @Test func aWatchSaysOfflineAndWhenTheLastWordWas() async throws {
    try await World.run { world in
      let (owner, porch) = try await world.pairedAndGone()
      try await world.camera.tell(.offByPolicy, .noSensor)
      let said = try #require(try await porch.reportedState())
      var states: [CameraState] = []
      for try await event in try porch.watch(classes: [.video]) {
        guard case .state(let state) = event else { continue }
        states.append(state)
        if state.lastWord != nil { break }
      }
      #expect(states.last?.picture == .offline && states.last?.lastWord == said.time)
      #expect(states.allSatisfy { $0.picture != .offByPolicy })
      await owner.close()
    }
  }

  @Test func aPhotoOfItIsRefusedInItsOwnWords() async throws {
    try await World.run { world in
      let (owner, porch) = try await world.pairedAndGone()
      let offline = ClientError(ClientError.Code(rawValue: "camera-offline"), "")
      let error = await #expect(throws: offline) { try await porch.takePhoto() }
      #expect(error?.message == "the camera is not connected")
      #expect(error?.advice?.contains("power") == true && error?.advice?.contains("faster") == false)
      await owner.close()
    }
  }
}
