import Foundation
import PumpkiiAgent
import PumpkiiClient
import PumpkiiPolicy
import PumpkiiSystem
import Testing

extension EndToEnd {
  /// A board that was its own owner is paired: its policy goes on, its key does not.
  @Suite struct AdoptionTests {
    @Test(.timeLimit(.minutes(10))) func pairingTakesOverThePolicyOfTheBoardsOwnOwner() async throws {
      var plan = Stage.Plan()
      plan.prepares = { folder in
        // The folder belongs to one after the other.
        func make() throws { _ = try LocalOwner.create(AgentHome(folder)) }
        try make()
        guard case .done = try await Board(folder: folder).ask(.set(["sensor.camera": true])) else {
          Issue.record("the board's own owner set nothing")
          return
        }
      }
      plan.allowed = []
      plan.shared = []
      try await Stage.with(plan) { stage in
        let files = FileManager.default
        #expect(!files.fileExists(atPath: stage.path("camera/local/identity.key")))
        #expect(!files.fileExists(atPath: stage.path("camera/local/sealing.key")))
        guard case .status(let status) = try await Board(folder: stage.path("camera")).ask(.status) else { return }
        #expect(status.owner == "paired" && status.policyVersion == 1)
        let sensors = status.flags.filter { $0.isAllowed && $0.flag.hasPrefix("sensor.") }
        #expect(sensors.map(\.flag) == ["sensor.camera"])
        // The new owner reads it, and sets the next one on top of it.
        while try await stage.owner.cameras().isEmpty { try await Task.sleep(for: .milliseconds(20)) }
        var permissions = try? await stage.camera.permissions()
        while permissions == nil {
          try await Task.sleep(for: .milliseconds(50))
          permissions = try? await stage.camera.permissions()
        }
        #expect(permissions?.version == 1 && permissions?.allows("sensor.camera") == true)
        let (next, confirmation) = try await stage.camera.setPermissions(["sensor.microphone": true])
        #expect(confirmation.isConfirmed && next.version == 2 && next.allows("sensor.camera"))
      }
    }
  }
}
