package import Logging
package import PumpkiiAgent
internal import PumpkiiSystem
internal import Synchronization

/// A kill switch that a program throws, as a hand would; its state outlives the agents that read it.
package final class HandSwitch: Sendable {
  private struct State {
    var isThrown = false
    var thrownAt: UInt64 = 0
    var lines: [Line] = []
  }

  private let state = Mutex(State())

  package init() {}

  /// Unix µs at which it was thrown last; 0 before.
  package var thrownAt: UInt64 { state.withLock { $0.thrownAt } }

  package func set(_ isThrown: Bool) {
    let lines = state.withLock { state in
      state.isThrown = isThrown
      if isThrown { state.thrownAt = Clocks.unixMicroseconds() }
      return state.lines
    }
    for line in lines { line.changed.raise() }
  }

  /// For one start of an agent.
  package func make(logger: Logger = Logger(label: "switch") { _ in SwiftLogNoOpLogHandler() }) -> KillSwitch {
    KillSwitch("hand", logger: logger) { () throws(SystemError) in
      let line = Line(self)
      self.state.withLock { $0.lines.append(line) }
      return line
    }
  }

  private final class Line: SwitchLine, Sendable {
    let changed = ThreadSignal()
    private let hand: HandSwitch
    private let isOver = Mutex(false)

    init(_ hand: HandSwitch) { self.hand = hand }

    func isThrown() throws(SystemError) -> Bool { hand.state.withLock { $0.isThrown } }

    func next() throws(SystemError) -> Bool? {
      changed.wait()
      return isOver.withLock { $0 } ? nil : hand.state.withLock { $0.isThrown }
    }

    func wake() {
      isOver.withLock { $0 = true }
      changed.raise()
    }
  }
}
