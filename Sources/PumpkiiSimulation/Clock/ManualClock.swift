internal import Synchronization

/// A clock that moves only when told to, so that a test of a whole day takes no time and no luck.
public final class ManualClock: SimulatedClock {
  private struct State {
    var now: UInt64
    var waiters: [ObjectIdentifier: WakeSignal] = [:]
  }

  private let state: Mutex<State>
  private let jumps: Bool

  /// - Parameters:
  ///   - start: the first instant, in ns.
  ///   - jumps: true makes a wait move the clock to its end at once, for tests with one thread; false makes it last
  ///     until ``advance(by:)``.
  public init(start: UInt64 = 1_000_000_000_000, jumps: Bool = true) {
    state = Mutex(State(now: start))
    self.jumps = jumps
  }

  /// The instant it was set to.
  public func now() -> UInt64 { state.withLock { $0.now } }

  /// Moves the clock forward and wakes who waits for it.
  public func advance(by duration: Duration) {
    let waiters = state.withLock { state in
      state.now += UInt64(max(duration / .nanoseconds(1), 0))
      return Array(state.waiters.values)
    }
    for waiter in waiters { waiter.nudge() }
  }

  /// How many threads wait now; for tests that must not advance too early.
  public var waiting: Int { state.withLock { $0.waiters.count } }

  /// Moves the clock to `deadline`, or waits until somebody moved it there or raised `signal`.
  public func wait(until deadline: UInt64, or signal: WakeSignal) {
    if jumps {
      if !signal.isRaised { state.withLock { $0.now = max($0.now, deadline) } }
      return
    }
    state.withLock { $0.waiters[ObjectIdentifier(signal)] = signal }
    while true {
      let count = signal.nudgeCount
      if now() >= deadline || signal.isRaised { break }
      signal.sleep(afterNudge: count)
    }
    state.withLock { _ = $0.waiters.removeValue(forKey: ObjectIdentifier(signal)) }
  }
}
