/// A bound on recoveries in a stretch of time: a source that fails at once would be started again for ever, and take
/// all of a CPU.
package struct RecoveryBudget: Sendable, Equatable {
  /// Recoveries that are allowed within ``window``.
  package static let most = 10
  /// ns.
  package static let window: UInt64 = 10_000_000_000
  private var times: [UInt64] = []

  /// Unused.
  package init() {}

  /// Counts one at `now`.
  /// - Returns: false when there were too many.
  package mutating func spend(at now: UInt64) -> Bool {
    times.removeAll { now > $0 && now - $0 > Self.window }
    times.append(now)
    return times.count <= Self.most
  }
}
