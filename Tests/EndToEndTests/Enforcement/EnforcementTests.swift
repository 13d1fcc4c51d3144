import PumpkiiAgent
import PumpkiiClient
import PumpkiiPolicy
import PumpkiiSimulation
import Testing

extension EndToEnd {
  /// Every path × every flag that guards it × every layer that can deny it, while the agent runs and before a start.
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
          }
        }
      }
    }

    @Test func everyLayerHasAHand() {
      for layer in Layer.allCases { #expect(Hand.allCases.contains { $0.layer == layer }, "\(layer)") }
    }

    private static func gone(_ denied: Set<Flag>) -> Set<Effect> {
      denied.reduce(into: Set<Effect>()) { $0.formUnion($1.effects) }.intersection(EnforcementBench.effects)
    }

    /// Flags whose effects are apart, so that each of them shows its own although all are denied at once.
    private static let groups: [Set<Flag>] = [
      [.sensorCamera, .shareAudio], [.sensorMicrophone, .sharePhoto, .recordCloud], [.shareVideo, .recordLocal],
      [.termsAccepted], [.riskAcknowledged],
    ]

    @Test func theRowsAreOfEveryFlagOfTheBenchAndApart() {
      #expect(Set(Self.groups.flatMap { $0 }) == Set(EnforcementBench.flags + [.termsAccepted, .riskAcknowledged]))
      for group in Self.groups {
        for flag in group {
          let others = Self.gone(group.subtracting([flag]))
          #expect(!Self.gone([flag]).subtracting(others).isEmpty, "\(flag.rawValue) would show nothing of its own")
        }
      }
    }

    @Test(.timeLimit(.minutes(5))) func whatIsDeniedStopsWhileItRunsAndNeverBeginsAfterAStart() async throws {
      try await EnforcementBench.with { bench in
        try await bench.appears(EnforcementBench.effects, "everything is allowed")
        for hand in Hand.allCases {
          for group in Self.groups {
            let flags = group.filter { hand.denies($0) != nil }
            guard !flags.isEmpty else { continue }
            try await Self.row(bench, flags, hand)
          }
        }
      }
    }

    private static func row(_ bench: EnforcementBench, _ flags: Set<Flag>, _ hand: Hand) async throws {
      let name = "\(flags.map(\.rawValue).sorted().joined(separator: ", ")) denied by \(hand.rawValue)"
      let gone = gone(flags.reduce(into: []) { $0.formUnion(hand.denies($1) ?? []) })
      try await bench.hands.deny(flags, by: hand)
      try await bench.vanishes(gone, "\(name) while it runs")
      let agent = bench.stage.agent
      await agent.stop()
      let starts = agent.log.all.count { $0.contains("connected to the relay") }
      let openings = bench.openings
      if hand == .ceiling { agent.configure { $0.ceiling = bench.hands.ceiling(without: flags) } }
      try agent.start()
      agent.configure { $0.ceiling = nil }
      try await agent.log.wait(for: "connected to the relay", times: starts + 1)
      try await bench.vanishes(gone, "\(name) before it starts")
      for effect in gone where openings[effect] != nil {
        #expect(bench.openings[effect] == openings[effect], "\(effect.rawValue), \(name) before it starts")
      }
      try await bench.hands.restore(flags, by: hand)
      try await bench.appears(gone, name)
    }
  }
}
