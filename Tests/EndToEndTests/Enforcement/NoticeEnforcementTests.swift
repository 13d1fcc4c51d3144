import PumpkiiAgent
import PumpkiiClient
import PumpkiiPolicy
import Testing

extension EndToEnd {
  /// A notice that is denied is not shown, although what it is about was noted.
  @Suite struct NoticeEnforcementTests {
    static let claimed = Row.all([Flag.notifySystem], [.notice])

    @Test(.timeLimit(.minutes(10))) func aDeniedNoticeIsNeverShownAlthoughTheMotionIsNoted() async throws {
      let flags: Set<Flag> = [.sensorCamera, .detectMotion, .notifySystem]
      let shown = ShownRows()
      try await DetectionStage.with(flags, notices: [.motion]) { stage in
        try await Self.allowNotices(stage, true)
        try await Self.motion(stage, "everything is allowed")
        try await until("a notice") { stage.notices == 1 }
        for hand in Hand.allCases where hand.denies(.notifySystem) != nil {
          try await Self.row(stage, hand)
          for phase in Row.Phase.allCases { shown.note(.notifySystem, [.notice], hand, phase) }
        }
        try await Self.motion(stage, "everything is allowed again")
        try await until("a notice again") { stage.notices == 2 }
      }
      shown.expectAll(Self.claimed)
    }

    /// Once in a run: what comes again within a minute is held back.
    private static func row(_ stage: DetectionStage, _ hand: Hand) async throws {
      let row = "notify.system denied by \(hand.rawValue)"
      if hand == .ceiling {
        stage.stage.agent.configure { $0.ceiling = stage.hands.ceiling(without: [.notifySystem]) }
      } else {
        try await deny(stage, hand)
      }
      try await motion(stage, "\(row) before it starts")
      #expect(stage.notices == 1, "\(row) before it starts")
      try await restore(stage, hand)
      try await motion(stage, "\(row) while it runs") { try await deny(stage, hand) }
      #expect(stage.notices == 1, "\(row) while it runs")
      try await restore(stage, hand)
    }

    /// Starts the agent anew with its eyes shut, lets `body` change something, and opens them: there is motion.
    private static func motion(
      _ stage: DetectionStage, _ row: String, _ body: () async throws -> Void = {}
    ) async throws {
      let board = Board(folder: stage.stage.agent.folder)
      _ = try await board.ask(.narrow("detect.motion"))
      await stage.stage.agent.stop()
      try await stage.start()
      try await body()
      let before = stage.eyes.count(.event)
      _ = try await board.ask(.restore("detect.motion"))
      try await stage.event(after: before, row)
      // The notice was offered before the event was; a program takes a moment to start.
      try await Task.sleep(for: .milliseconds(200))
    }

    /// A person's own flag stands in the person's own policy.
    private static func allowNotices(_ stage: DetectionStage, _ isAllowed: Bool) async throws {
      _ = try await stage.stage.owner.setPolicy(["notify.system": isAllowed])
      let board = Board(folder: stage.stage.agent.folder)
      try await until("the camera took the person's policy") {
        guard case .status(let status) = try await board.ask(.status) else { return false }
        return status.flags.contains { $0.flag == "notify.system" && $0.isAllowed == isAllowed }
      }
    }

    private static func deny(_ stage: DetectionStage, _ hand: Hand) async throws {
      guard hand != .document else { return try await allowNotices(stage, false) }
      try await stage.hands.deny([.notifySystem], by: hand)
    }

    private static func restore(_ stage: DetectionStage, _ hand: Hand) async throws {
      guard hand != .document else { return try await allowNotices(stage, true) }
      try await stage.hands.restore([.notifySystem], by: hand)
    }
  }
}
