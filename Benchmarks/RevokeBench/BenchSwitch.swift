internal import Dispatch
internal import Logging
internal import PumpkiiAgent
internal import PumpkiiSystem
internal import Synchronization

/// A kill switch in the bench's hand.
final class BenchSwitch: SwitchLine, Sendable {
  private struct State {
    var isThrown = false
    var isOver = false
    /// Unix µs at which it was thrown last.
    var thrownAt: UInt64 = 0
  }

  private let changed = DispatchSemaphore(value: 0)
  private let state = Mutex(State())

  /// Unix µs at which it was thrown last.
  var thrownAt: UInt64 { state.withLock { $0.thrownAt } }

  func set(_ isThrown: Bool) {
    state.withLock { state in
      state.isThrown = isThrown
      if isThrown { state.thrownAt = Clocks.unixMicroseconds() }
    }
    changed.signal()
  }

  func make(_ logger: Logger) -> KillSwitch { KillSwitch("bench", logger: logger) { () throws(SystemError) in self } }

  func isThrown() throws(SystemError) -> Bool { state.withLock { $0.isThrown } }

  func next() throws(SystemError) -> Bool? {
    changed.wait()
    return state.withLock { $0.isOver ? nil : $0.isThrown }
  }

  func wake() {
    state.withLock { $0.isOver = true }
    changed.signal()
  }
}
