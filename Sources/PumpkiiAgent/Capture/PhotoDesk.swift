package import PumpkiiPolicy
package import PumpkiiWire
internal import Synchronization

/// Which photos are due: one for each accepted wish, and one every so often when the owner configured it. A wish ends
/// with the right of who has it, and all end when photos are denied: what is allowed again later makes none of them.
package final class PhotoDesk: Sendable {
  /// What becomes of a wish.
  package enum Answer: Sendable, Equatable {
    case taken
    /// Too many wait already.
    case full
    case denied(Decision)
  }

  /// Whose photo it is.
  private enum Wish: Sendable {
    case of(ClientID)
    case timed
  }

  private struct State {
    var wishes: [Wish] = []
    /// What was taken last.
    var last: Wish?
    var nextTimed: UInt64 = 0
    var tries = 0
  }

  /// Frames that one wish may fail on.
  private static let tryLimit = 60
  /// Wishes held while no frame comes; more are refused, so a guest cannot pile them up.
  private static let limit = 4

  private let interval: UInt64?
  private let denial: @Sendable () -> Decision?
  private let mayHave: @Sendable (ClientID) -> Bool
  private let state = Mutex(State())

  /// How large photos are.
  package let size: PhotoSize

  /// - Parameters:
  ///   - interval: ns between timed photos; nil for none.
  ///   - size: how large photos are.
  ///   - denial: why there may be none now; nil when there may.
  ///   - mayHave: whether a client has the right to photos now.
  package init(
    interval: UInt64?, size: PhotoSize = .stream, denial: @escaping @Sendable () -> Decision? = { nil },
    mayHave: @escaping @Sendable (ClientID) -> Bool = { _ in true }
  ) {
    self.interval = interval
    self.size = size
    self.denial = denial
    self.mayHave = mayHave
  }

  /// Adds a client's wish.
  package func wish(of client: ClientID) -> Answer {
    if let decision = denial() { return .denied(decision) }
    let isTaken = state.withLock { state in
      guard state.wishes.count < Self.limit else { return false }
      state.wishes.append(.of(client))
      return true
    }
    // A change whose refresh went by just before the wish was put in.
    if let decision = refresh() { return .denied(decision) }
    return isTaken ? .taken : .full
  }

  /// What is allowed may have changed: no wish outlives a denial.
  /// - Returns: the denial.
  @discardableResult
  package func refresh() -> Decision? {
    guard let decision = denial() else { return nil }
    state.withLock { state in (state.wishes, state.last, state.tries) = ([], nil, 0) }
    return decision
  }

  /// Whether this frame should become a photo; takes the wish or moves the timer on.
  /// - Parameter now: CLOCK_MONOTONIC in ns.
  package func takeDue(now: UInt64) -> Bool {
    state.withLock { state in
      while !state.wishes.isEmpty {
        let wish = state.wishes.removeFirst()
        // Asked again: the right may have gone since.
        if case .of(let client) = wish, !mayHave(client) { continue }
        state.last = wish
        return true
      }
      guard let interval, now >= state.nextTimed else { return false }
      state.nextTimed = now + interval
      state.last = .timed
      return true
    }
  }

  /// The photo could not be made of this frame: the wish stands for the next, a bounded number of times.
  package func tryAgain() {
    state.withLock { state in
      guard let last = state.last else { return }
      state.tries += 1
      guard state.tries < Self.tryLimit else {
        state.tries = 0
        return
      }
      if state.wishes.count < Self.limit { state.wishes.insert(last, at: 0) }
    }
  }
}
