/// Notices a source that gives exact zeros: muted, or the wrong input. No room is that quiet. Told once each way.
package struct SilenceWatch: Sendable, Equatable {
  /// ns of nothing but zeros before it is told.
  package static let patience: UInt64 = 5_000_000_000
  private var zeros: UInt64 = 0
  private var isTold = false
  private let patience: UInt64

  /// - Parameter patience: ns.
  package init(patience: UInt64 = Self.patience) { self.patience = patience }

  /// Takes one period.
  /// - Returns: true when silence is to be told of, false when sound is back, nil for nothing new.
  package mutating func hear(isZero: Bool, duration: UInt64) -> Bool? {
    guard isZero else {
      zeros = 0
      guard isTold else { return nil }
      isTold = false
      return false
    }
    zeros &+= duration
    guard !isTold, zeros >= patience else { return nil }
    isTold = true
    return true
  }
}
