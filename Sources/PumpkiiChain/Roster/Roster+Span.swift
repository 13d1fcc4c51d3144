package import PumpkiiWire

extension Roster {
  /// What an account has, or is to have, and from when until when.
  package struct Span: Sendable, Equatable {
    /// Kinds of media.
    package let classes: ClassMask
    /// May narrow, photograph and steer (`share.device`).
    package let control: Bool
    /// Unix µs.
    package let from: UInt64
    /// Unix µs, exclusive.
    package let until: UInt64
  }

  /// A guest's share as it is at an instant: what is live then; else what begins next; else what ended last. Nil for an
  /// account that nothing is shared with.
  package func span(of account: AccountID, at time: UInt64) -> Span? {
    let own = grants.values.filter { $0.account == account }
    let live = own.filter { $0.isLive(at: time) }
    guard live.isEmpty else { return Self.span(live) }
    if let next = own.map(\.from).filter({ $0 > time }).min() { return Self.span(own.filter { $0.from == next }) }
    guard let last = own.map(\.until).max() else { return nil }
    return Self.span(own.filter { $0.until == last })
  }

  private static func span(_ grants: [RosterOperation.Grant]) -> Span {
    Span(
      classes: grants.reduce(ClassMask()) { $0.union($1.classes) }.subtracting(ClassMask(.event)),
      control: grants.contains { $0.control }, from: grants.map(\.from).min() ?? 0,
      until: grants.map(\.until).max() ?? 0)
  }
}
