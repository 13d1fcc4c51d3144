import Testing

/// For what holds on a machine that keeps up, as that nothing is lost. A machine that stands still for a while loses what
/// it has no room for; it does not do so each time, and a defect does.
enum Unhurried {
  /// How a scenario ended.
  struct Outcome {
    let isCalm: Bool
    /// For people, where it never was.
    let said: String
  }

  private static let mostRuns = 5

  /// Runs a scenario until it ends as on a machine that keeps up. What must hold whatever the machine does, the scenario
  /// itself expects, each time.
  static func expect(
    _ what: String, _ location: SourceLocation = #_sourceLocation, _ scenario: () async throws -> Outcome
  ) async throws {
    var said: [String] = []
    for _ in 0..<mostRuns {
      let outcome = try await scenario()
      if outcome.isCalm { return }
      said.append(outcome.said)
    }
    Issue.record("not once in \(mostRuns) runs: \(what); \(said)", sourceLocation: location)
  }
}
