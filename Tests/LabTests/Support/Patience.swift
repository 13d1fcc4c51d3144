import PumpkiiSystem

/// Waits for what the scenario's own events bring, and no longer than anything here may take: a scenario that waits in
/// vain then says for what.
enum Patience {
  static let limit = Duration.seconds(90)

  /// Waits until `condition` holds; false when it never did.
  static func wait<Value: Sendable>(
    _ published: Published<Value>, until condition: @escaping @Sendable (Value) -> Bool
  ) async -> Bool {
    await limited { await published.wait(until: condition) } ?? false
  }

  /// Waits until something is so that nobody tells.
  static func wait(for what: String, _ condition: @escaping @Sendable () async throws -> Bool) async throws {
    let end = ContinuousClock.now + limit
    while try await !condition() {
      guard ContinuousClock.now < end else { throw Lab.Obstacle("\(what) never came") }
      try await Task.sleep(for: .milliseconds(100))
    }
  }

  /// What `body` gives, nil where it takes too long. `body` ends when it is cancelled.
  static func limited<Result: Sendable>(_ body: @escaping @Sendable () async -> Result) async -> Result? {
    await withTaskGroup(of: Result?.self) { group in
      group.addTask { await body() }
      group.addTask {
        try? await Task.sleep(for: limit)
        return nil
      }
      let first = await group.next() ?? nil
      group.cancelAll()
      return first
    }
  }
}
