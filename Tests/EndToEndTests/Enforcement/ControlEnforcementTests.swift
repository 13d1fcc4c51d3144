import PumpkiiAgent
import PumpkiiClient
import PumpkiiPolicy
import PumpkiiSimulation
import Testing

extension EndToEnd {
  /// A guest's control over a camera: by its grant, and by the owner's flag for all guests.
  @Suite struct ControlEnforcementTests {
    static let claimed = Row.all([Flag.shareDevice], [.control])

    @Test(.timeLimit(.minutes(10))) func aGuestControlsWithTheFlagAndTheGrantAlone() async throws {
      let (killSwitch, shown) = (HandSwitch(), ShownRows())
      var plan = Stage.Plan()
      plan.killSwitch = { killSwitch.make() }
      plan.allowed.insert("share.device")
      plan.shared = []
      plan.configuration.trustsClock = true
      try await Stage.with(plan) { stage in
        let hands = Hands(stage: stage, killSwitch: killSwitch, shared: [])
        #expect(
          try await stage.camera.share(with: stage.guest.id, classes: [.video], control: true).confirmation.isConfirmed)
        try await Self.narrows(stage, true, "everything is allowed")
        for hand in Hand.allCases where hand.denies(.shareDevice) != nil {
          try await hands.deny([.shareDevice], by: hand)
          try await Self.narrows(stage, false, "share.device denied by \(hand.rawValue)")
          shown.note(.shareDevice, [.control], hand, .running)
          try await Self.restart(stage, hand == .ceiling ? hands.ceiling(without: [.shareDevice]) : nil)
          try await Self.narrows(stage, false, "share.device denied by \(hand.rawValue) before it starts")
          shown.note(.shareDevice, [.control], hand, .beforeStart)
          try await hands.restore([.shareDevice], by: hand)
          try await Self.narrows(stage, true, "share.device allowed again by \(hand.rawValue)")
        }
        #expect(try await stage.camera.revoke(stage.guest.id).isConfirmed)
        #expect(try await stage.camera.share(with: stage.guest.id, classes: [.video]).confirmation.isConfirmed)
        try await Self.narrows(stage, false, "a grant without control")
      }
      shown.expectAll(Self.claimed)
    }

    private static func restart(_ stage: Stage, _ ceiling: [Flag: Bool]?) async throws {
      let starts = stage.agent.log.all.count { $0.contains("connected to the relay") }
      await stage.agent.stop()
      stage.agent.configure { $0.ceiling = ceiling }
      try stage.agent.start()
      stage.agent.configure { $0.ceiling = nil }
      try await stage.agent.log.wait(for: "connected to the relay", times: starts + 1)
    }

    /// Has the guest deny the microphone, looks at what the owner's roster says of it, and takes it back.
    private static func narrows(_ stage: Stage, _ isExpected: Bool, _ row: String) async throws {
      let camera = try await stage.guestCamera
      let answer = try? await camera.narrow("sensor.microphone")
      #expect((answer?.isConfirmed == true) == isExpected, "\(row)")
      let permissions = try await stage.camera.permissions()
      #expect(permissions.narrowed.contains("sensor.microphone") == isExpected, "\(row)")
      if isExpected {
        #expect(try await stage.camera.setPermissions(["sensor.microphone": true]).confirmation.isConfirmed)
      }
    }
  }
}
