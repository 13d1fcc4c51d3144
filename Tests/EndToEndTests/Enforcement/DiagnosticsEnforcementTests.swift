import Foundation
import PumpkiiAgent
import PumpkiiClient
import PumpkiiPolicy
import PumpkiiRelay
import PumpkiiSimulation
import PumpkiiSystem
import PumpkiiTransport
import PumpkiiVault
import PumpkiiWire
import Testing

extension EndToEnd {
  /// What the relay holds of the camera's own reports: the kinds that are allowed, and nothing after a withdrawal.
  @Suite struct DiagnosticsEnforcementTests {
    private static let flags = Diagnostics.Kind.allCases.compactMap { Flag(rawValue: $0.flag) }
    static let claimed = Row.all(Flag.allCases, [.report])

    @Test func everyKindOfReportHasItsFlag() {
      #expect(Self.flags.count == Diagnostics.Kind.allCases.count)
      #expect(Set(Self.flags) == Set(Flag.allCases.filter { $0.effects == [.report] }))
    }

    @Test(.timeLimit(.minutes(10))) func aDeniedKindIsInNoReportAndAWithdrawnOneIsDeleted() async throws {
      var plan = Stage.Plan()
      plan.allowed = Set(Self.flags.map(\.rawValue))
      plan.shared = []
      plan.relay = {
        $0.limits.authenticated = .init(burst: 1_000_000, perSecond: 1_000_000)
        $0.limits.diagnostics = .init(burst: 1_000_000, perSecond: 1_000_000)
      }
      plan.configuration.trustsClock = true
      let shown = ShownRows()
      try await Stage.with(plan) { stage in
        let shelf = try Shelf(stage)
        let hands = Hands(stage: stage, killSwitch: HandSwitch(), shared: [])
        try await shelf.restart()
        try await until("a report of everything") { try await shelf.kinds() == Set(Self.flags.map(\.rawValue)) }
        for (place, hand) in Hand.allCases.filter({ $0.takesSeveral && $0 != .grant }).enumerated() {
          // Each flag comes under each hand, half of them in each of two starts.
          for half in 0..<2 {
            let denied = Set(Self.flags.enumerated().filter { ($0.offset + place) % 2 == half }.map(\.element))
            try await Self.row(shelf, hands, hand, denied)
            for flag in denied { shown.note(flag, [.report], hand, .beforeStart) }
            for flag in Set(Self.flags).subtracting(denied) { shown.note(flag, [.report], hand, .running) }
          }
        }
        let whole: [(Hand, Flag)] = [
          (.ownerPause, .sensorCamera), (.boardPause, .sensorCamera), (.terms, .termsAccepted),
          (.risk, .riskAcknowledged),
        ]
        for (hand, flag) in whole {
          try await Self.withdrawn(shelf, hands, hand, flag)
          for phase in Row.Phase.allCases { shown.note(flag, [.report], hand, phase) }
        }
        await shelf.close()
      }
      shown.expectAll(Self.claimed)
    }

    private static func row(_ shelf: Shelf, _ hands: Hands, _ hand: Hand, _ denied: Set<Flag>) async throws {
      let names = Set(flags.map(\.rawValue)).subtracting(denied.map(\.rawValue))
      if !hand.isOfTheStart { try await hands.deny(denied, by: hand) }
      try await shelf.restart(ceiling: hand == .ceiling ? hands.ceiling(without: denied) : nil)
      try await until("a report of \(names), denied by \(hand.rawValue) before it starts") {
        try await shelf.kinds() == names
      }
      try await hands.restore(denied, by: hand)
      // While it runs: one that was sent is withdrawn, and with it everything that was.
      let rest = Set(flags).subtracting(denied)
      try await hands.deny(rest, by: hand)
      try await until("the relay holds nothing, denied by \(hand.rawValue) while it runs") {
        try await shelf.kinds().isEmpty
      }
      try await hands.restore(rest, by: hand)
    }

    private static func withdrawn(_ shelf: Shelf, _ hands: Hands, _ hand: Hand, _ flag: Flag) async throws {
      try await shelf.restart()
      try await until("a report of everything") { try await shelf.kinds() == Set(flags.map(\.rawValue)) }
      try await hands.deny([flag], by: hand)
      try await until("the relay holds nothing, denied by \(hand.rawValue)") { try await shelf.kinds().isEmpty }
      // Nor is anything sent by a start that finds it denied: each flag is counted once its report could have gone.
      try await shelf.restart()
      try await until("a look at every flag, denied by \(hand.rawValue)") {
        try await shelf.denied().isSuperset(of: Self.flags.map(\.rawValue))
      }
      #expect(try await shelf.kinds().isEmpty, "denied by \(hand.rawValue) before it starts")
      try await hands.restore([flag], by: hand)
      try await until("a report again, after \(hand.rawValue)") {
        try await shelf.kinds() == Set(flags.map(\.rawValue))
      }
    }

    /// The relay's shelf of one camera, read with the camera's own key.
    private struct Shelf {
      let stage: Stage
      let connection: RelayConnection

      init(_ stage: Stage) throws {
        self.stage = stage
        let path = AgentPaths(folder: stage.agent.folder).identity
        let identity = try #require(try SigningIdentity.load(path))
        connection = try RelayConnection(address: stage.agent.relay, signer: .device(identity))
      }

      func close() async { await connection.shutdown() }

      private struct Held: Decodable {
        struct Entry: Decodable {
          let report: [String: Anything]
        }
        let reports: [Entry]
      }

      private struct Anything: Decodable {
        init(from decoder: any Decoder) throws {}
      }

      /// The flags of the kinds that it holds.
      func kinds() async throws -> Set<String> {
        let bytes = try await connection.get("/v1/diagnostics", limit: 4 << 20)
        let held = try JSONDecoder().decode(Held.self, from: Data(bytes))
        return Set(held.reports.flatMap(\.report.keys).map { "diagnostics.\($0)" })
      }

      /// Flags that denied something since the agent's start, as it says at the board; nothing while it does not listen.
      func denied() async throws -> Set<String> {
        guard case .status(let status) = try? await Board(folder: stage.agent.folder).ask(.status) else { return [] }
        return status.isRunning ? Set(status.denied.keys) : []
      }

      /// A new start of a camera that has something of each kind to tell and has told nothing today.
      func restart(ceiling: [Flag: Bool]? = nil) async throws {
        await stage.agent.stop()
        _ = try await connection.send(.delete, "/v1/diagnostics")
        let path = "\(stage.agent.folder)/\(DiagnosticsLog.fileName)"
        try DurableFile.remove(path)
        let log = DiagnosticsLog(path: path)
        log.failed("agent-policy")
        log.crashed("agent-unclean-end")
        log.count(.starts)
        log.did(.start)
        try log.save()
        stage.agent.configure { $0.ceiling = ceiling }
        try stage.agent.start()
        stage.agent.configure { $0.ceiling = nil }
      }
    }
  }
}
