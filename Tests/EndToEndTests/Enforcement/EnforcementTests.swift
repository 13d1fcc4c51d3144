import PumpkiiAgent
import PumpkiiClient
import PumpkiiPolicy
import PumpkiiSimulation
import Testing

extension EndToEnd {
  /// Every path × every flag that guards it × every layer that can deny it, while the agent runs and before it starts.
  /// Each row is denied, seen to be gone from outside, allowed again, and seen to be back.
  @Suite struct EnforcementTests {
    @Test func everyPointOfEveryFlagIsShownOrMarkedAsTheRelays() {
      for flag in Flag.allCases {
        for point in flag.points {
          switch point.evidence(for: flag) {
          case .by(let effects):
            #expect(!effects.isDisjoint(with: flag.effects), "\(point.rawValue) of \(flag.rawValue) is not shown")
          case .relayPending:
            #expect([.notify, .disclose, .keepField].contains(point), "\(point.rawValue)")
          case .nothingToStop:
            #expect(point == .showLocally && flag == .sensorMicrophone, "\(point.rawValue) of \(flag.rawValue)")
          }
        }
      }
    }

    /// Each suite takes its rows from the table, and shows at its end that it ran them; together they are the table.
    @Test func everyRowOfTheTableIsOneSuites() {
      let claimed = [
        EnforcementTests.claimed(.running), EnforcementTests.claimed(.beforeStart), DetectionEnforcementTests.claimed,
        NoticeEnforcementTests.claimed, DiagnosticsEnforcementTests.claimed, PreRollEnforcementTests.claimed,
        ControlEnforcementTests.claimed,
      ]
      let demanded = Row.all(Flag.allCases, Set(Effect.allCases))
      let missing = demanded.subtracting(claimed.joined()).map(\.description).sorted()
      #expect(missing == [], "rows that no suite claims")
      #expect(demanded.count > 300, "\(demanded.count) rows")
    }

    @Test func everyLayerHasAHand() {
      for layer in Layer.allCases { #expect(Hand.allCases.contains { $0.layer == layer }, "\(layer)") }
    }

    private static let flags = EnforcementBench.flags + [.termsAccepted, .riskAcknowledged]

    static func claimed(_ phase: Row.Phase) -> Set<Row> {
      Row.all(flags, EnforcementBench.effects).filter { $0.phase == phase }
    }

    /// Flag, hand and what both deny, for the flags of the bench.
    private static var rows: [(flag: Flag, hand: Hand, denied: Set<Flag>)] {
      flags.flatMap { flag in
        Hand.allCases.compactMap { hand in hand.denies(flag).map { (flag, hand, $0) } }
      }
    }

    private static func gone(_ denied: Set<Flag>) -> Set<Effect> {
      denied.reduce(into: Set<Effect>()) { $0.formUnion($1.effects) }.intersection(EnforcementBench.effects)
    }

    @Test(.timeLimit(.minutes(10))) func whatIsDeniedWhileItRunsStops() async throws {
      let shown = ShownRows()
      try await EnforcementBench.with { bench in
        try await bench.appears(EnforcementBench.effects, "everything is allowed")
        for row in Self.rows {
          let name = "\(row.flag.rawValue) denied by \(row.hand.rawValue) while it runs"
          try await bench.hands.deny([row.flag], by: row.hand)
          try await bench.vanishes(Self.gone(row.denied), name)
          try await bench.hands.restore([row.flag], by: row.hand)
          try await bench.appears(Self.gone(row.denied), name)
          shown.note(row.flag, Self.gone(row.denied), row.hand, .running)
        }
      }
      shown.expectAll(Self.claimed(.running))
    }

    /// What E12 would stop of the microphone: there is no such thing.
    @Test(.timeLimit(.minutes(10))) func thePreviewHasNoSound() async throws {
      try await EnforcementBench.with { bench in
        try await bench.appears([.preview, .microphone], "everything is allowed")
        #expect(try await bench.previewTracks() == ["video"])
      }
    }

    /// Flags whose effects are apart, so that one start shows several rows.
    private static let groups: [Set<Flag>] = [
      [.sensorCamera, .shareAudio], [.sensorMicrophone, .sharePhoto, .recordCloud], [.shareVideo, .recordLocal],
      [.termsAccepted], [.riskAcknowledged],
    ]

    @Test(.timeLimit(.minutes(10))) func whatIsDeniedBeforeItStartsNeverBegins() async throws {
      let shown = ShownRows()
      try await EnforcementBench.with { bench in
        try await bench.appears(EnforcementBench.effects, "everything is allowed")
        for hand in Hand.allCases {
          for group in Self.groups {
            let flags = group.filter { hand.denies($0) != nil }
            guard !flags.isEmpty else { continue }
            let gone = try await Self.start(bench, flags, hand)
            for flag in flags { shown.note(flag, gone, hand, .beforeStart) }
          }
        }
      }
      shown.expectAll(Self.claimed(.beforeStart))
    }

    /// - Returns: what was seen to be gone.
    private static func start(
      _ bench: EnforcementBench, _ flags: Set<Flag>, _ hand: Hand
    ) async throws -> Set<Effect> {
      let names = flags.map(\.rawValue).sorted().joined(separator: ", ")
      let name = "\(names) denied by \(hand.rawValue) before it starts"
      let agent = bench.stage.agent
      let gone = gone(flags.reduce(into: []) { $0.formUnion(hand.denies($1) ?? []) })
      if !hand.isOfTheStart { try await bench.hands.deny(flags, by: hand) }
      await agent.stop()
      if hand == .killSwitch { bench.hands.killSwitch.set(true) }
      if hand == .ceiling { agent.configure { $0.ceiling = bench.hands.ceiling(without: flags) } }
      let openings = (agent.device.log.openings(of: .camera), agent.device.log.openings(of: .microphone))
      let starts = agent.log.all.count { $0.contains("connected to the relay") }
      try agent.start()
      agent.configure { $0.ceiling = nil }
      try await agent.log.wait(for: "connected to the relay", times: starts + 1)
      try await bench.vanishes(gone, name)
      // What its shutter is a camera tells when it is opened: once, and closed before its first picture.
      let told = hand == .shutter ? 1 : 0
      if gone.contains(.camera) { #expect(agent.device.log.openings(of: .camera) == openings.0 + told, "\(name)") }
      if gone.contains(.microphone) { #expect(agent.device.log.openings(of: .microphone) == openings.1, "\(name)") }
      try await bench.hands.restore(flags, by: hand)
      try await bench.appears(gone, name)
      return gone
    }
  }
}
