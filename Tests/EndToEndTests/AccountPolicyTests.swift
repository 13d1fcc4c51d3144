import Foundation
import PumpkiiClient
import Testing

extension EndToEnd {
  /// What people allow of their own reaches the cameras that name them.
  @Suite struct AccountPolicyTests {
    @Test(.timeLimit(.minutes(10))) func whatAnAccountAcceptsIsKnownToItsCameras() async throws {
      var plan = Stage.Plan()
      plan.acceptsTerms = false
      try await Stage.with(plan) { stage in
        for account in [stage.owner, stage.guest] {
          let path = stage.path("camera/accounts/\(account.id).policy")
          #expect(!FileManager.default.fileExists(atPath: path))
          let policy = try await account.acceptTerms([PolicyTexts.terms, PolicyTexts.risk])
          while !FileManager.default.fileExists(atPath: path) { try await Task.sleep(for: .milliseconds(20)) }
          #expect(policy.version == 1)
        }
      }
    }

    @Test(.timeLimit(.minutes(10))) func aGuestsIsReadOnceTheGuestIsNamed() async throws {
      var plan = Stage.Plan()
      plan.shared = []
      try await Stage.with(plan) { stage in
        _ = try await stage.guest.acceptTerms([PolicyTexts.terms])
        let path = stage.path("camera/accounts/\(stage.guest.id).policy")
        #expect(!FileManager.default.fileExists(atPath: path))
        #expect(try await stage.camera.share(with: stage.guest.id, classes: [.video]).confirmation.isConfirmed)
        while !FileManager.default.fileExists(atPath: path) { try await Task.sleep(for: .milliseconds(20)) }
      }
    }
  }
}
