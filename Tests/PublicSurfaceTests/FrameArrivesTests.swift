// Only public declarations: this is how other projects use a relay and a simulated camera in their own CI.
import Foundation
import PumpkiiClient
import PumpkiiRelay
import PumpkiiSimulation
import Testing

@Suite struct FrameArrivesTests {
  @Test(.timeLimit(.minutes(10))) func aFrameGoesFromASimulatedCameraThroughABlindRelayToAGuest() async throws {
    try await withFolder { folder in
      _ = try RelayServer.initialize(home: "\(folder)/relay")
      let relay = try RelayServer(configuration: RelayConfiguration(home: "\(folder)/relay"))
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await relay.run() }
        let origin = await "https://127.0.0.1:\(relay.port)"
        let profile = DeviceProfile(
          name: "pattern", camera: CameraProfile(width: 320, height: 240, fps: 15), microphone: nil)
        let agent = try SimulatedAgent(profile: profile, home: "\(folder)/camera", relay: origin, pin: relay.pin)
        let owner = try await AccountHome(path: "\(folder)/owner").create(relay: origin, pin: relay.pin).account
        _ = try await owner.acceptTerms([PolicyTexts.terms, PolicyTexts.risk])
        let guest = try await AccountHome(path: "\(folder)/guest").create(relay: origin, pin: relay.pin).account

        group.addTask {
          #expect(try await agent.pair() == owner.id)
          try await agent.run()
        }
        let camera = try await owner.pair(agent.pairingCode)

        _ = try await camera.setPermissions(["sensor.camera": true, "share.video": true])
        _ = try await camera.share(with: guest.id, classes: [.video])
        #expect(try await firstFrame(of: guest.camera(camera.device)).payload.isEmpty == false)
        #expect(agent.device.log.openings(of: .camera) == 1)

        await owner.close()
        await guest.close()
        group.cancelAll()
        while (try? await group.next()) != nil {}
      }
    }
  }

  private func firstFrame(of camera: CameraLink) async throws -> OpenedMedia {
    for try await event in try camera.watch(classes: [.video]) {
      if case .opened(let media) = event, media.content == .chunk { return media }
    }
    throw CancellationError()
  }

  private func withFolder(_ body: (String) async throws -> Void) async throws {
    let folder = NSTemporaryDirectory() + "pumpkii-public-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await body(folder)
  }
}
