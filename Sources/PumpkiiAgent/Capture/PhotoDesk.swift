internal import Synchronization

/// Which photos are due: one for each accepted wish, and one every so often when the owner configured it.
package final class PhotoDesk: Sendable {
  private struct State {
    var wishes = 0
    var nextTimed: UInt64 = 0
    var tries = 0
  }

  /// Frames that one wish may fail on.
  private static let tryLimit = 60

  /// Wishes held while no frame comes; more are refused, so a guest cannot pile them up.
  private static let limit = 4
  private let interval: UInt64?
  private let state = Mutex(State())

  /// How large photos are.
  package let size: PhotoSize

  /// - Parameters:
  ///   - interval: ns between timed photos; nil for none.
  ///   - size: how large photos are.
  package init(interval: UInt64?, size: PhotoSize = .stream) {
    self.interval = interval
    self.size = size
  }

  /// Adds a wish.
  /// - Returns: false when too many wait already.
  package func wish() -> Bool {
    state.withLock { state in
      guard state.wishes < Self.limit else { return false }
      state.wishes += 1
      return true
    }
  }

  /// Whether this frame should become a photo; takes the wish or moves the timer on.
  /// - Parameter now: CLOCK_MONOTONIC in ns.
  package func takeDue(now: UInt64) -> Bool {
    state.withLock { state in
      if state.wishes > 0 {
        state.wishes -= 1
        return true
      }
      guard let interval, now >= state.nextTimed else { return false }
      state.nextTimed = now + interval
      return true
    }
  }

  /// The photo could not be made of this frame: the wish stands for the next, a bounded number of times.
  package func tryAgain() {
    state.withLock { state in
      state.tries += 1
      guard state.tries < Self.tryLimit else {
        state.tries = 0
        return
      }
      state.wishes = min(state.wishes + 1, Self.limit)
    }
  }
}
