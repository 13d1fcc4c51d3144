import PumpkiiAgent
import PumpkiiClient
import PumpkiiPolicy
import PumpkiiSimulation
import Testing

extension EndToEnd {
  /// Detection opens a sensor for itself alone, and closes it when the sensor or the detection is denied.
  @Suite struct DetectionEnforcementTests {
    private static let flags: [Flag] = [.sensorCamera, .sensorMicrophone, .detectMotion, .detectSound]
    static let claimed = Row.all(flags, [.motion, .sound])

    /// What goes with one row.
    private static func gone(_ denied: Set<Flag>) -> (motion: Bool, sound: Bool) {
      (
        !denied.isDisjoint(with: [.sensorCamera, .detectMotion]),
        !denied.isDisjoint(with: [.sensorMicrophone, .detectSound])
      )
    }

    private static var rows: [(flag: Flag, hand: Hand, denied: Set<Flag>)] {
      flags.flatMap { flag in Hand.allCases.compactMap { hand in hand.denies(flag).map { (flag, hand, $0) } } }
    }

    @Test(.timeLimit(.minutes(10))) func aSensorThatIsOpenForDetectionAloneClosesWithItAndStaysClosed() async throws {
      let shown = ShownRows()
      try await DetectionStage.with(Set(Self.flags)) { stage in
        try await stage.wait(motion: true, sound: true, "everything is allowed")
        try await stage.event(after: 0, "everything is allowed")
        for (flag, hand, denied) in Self.rows {
          try await Self.running(stage, flag, hand, denied)
          shown.note(flag, [.motion, .sound], hand, .running)
          try await Self.beforeStart(stage, flag, hand, denied)
          shown.note(flag, [.motion, .sound], hand, .beforeStart)
        }
      }
      shown.expectAll(Self.claimed)
    }

    private static func running(_ stage: DetectionStage, _ flag: Flag, _ hand: Hand, _ denied: Set<Flag>) async throws {
      let row = "\(flag.rawValue) denied by \(hand.rawValue) while it runs"
      let gone = gone(denied)
      try await stage.hands.deny([flag], by: hand)
      try await stage.wait(motion: !gone.motion, sound: !gone.sound, row)
      await stage.eyes.open()
      let (before, openings) = (stage.eyes.count(.event), stage.openings)
      // A sensor that opened again would do so at once.
      try await Task.sleep(for: .milliseconds(150))
      #expect(stage.openings == openings, "\(row)")
      try await stage.hands.restore([flag], by: hand)
      try await stage.wait(motion: true, sound: true, row)
      if gone.motion { try await stage.event(after: before, row) }
    }

    private static func beforeStart(
      _ stage: DetectionStage, _ flag: Flag, _ hand: Hand, _ denied: Set<Flag>
    ) async throws {
      let row = "\(flag.rawValue) denied by \(hand.rawValue) before it starts"
      let (gone, agent) = (gone(denied), stage.stage.agent)
      if !hand.isOfTheStart { try await stage.hands.deny([flag], by: hand) }
      await agent.stop()
      if hand == .killSwitch { stage.hands.killSwitch.set(true) }
      if hand == .ceiling { agent.configure { $0.ceiling = stage.hands.ceiling(without: [flag]) } }
      let openings = stage.openings
      try await stage.start()
      try await stage.wait(motion: !gone.motion, sound: !gone.sound, row)
      // What its shutter is a camera tells when it is opened: once.
      let told = hand == .shutter ? 1 : 0
      if gone.motion { #expect(stage.openings[0] == openings[0] + told, "\(row)") }
      if gone.sound { #expect(stage.openings[1] == openings[1], "\(row)") }
      try await stage.hands.restore([flag], by: hand)
      try await stage.wait(motion: true, sound: true, row)
    }
  }
}
