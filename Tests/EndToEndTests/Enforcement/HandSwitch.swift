import Foundation
import Logging
import PumpkiiAgent
import PumpkiiSystem
import Synchronization

/// A kill switch in a test's hand; its state outlives the agents that read it.
final class HandSwitch: Sendable {
  private struct State {
    var isThrown: Bool
    var lines: [Line] = []
  }

  private let state: Mutex<State>

  init(isThrown: Bool = false) { state = Mutex(State(isThrown: isThrown)) }

  func set(_ isThrown: Bool) {
    let lines = state.withLock { state in
      state.isThrown = isThrown
      return state.lines
    }
    for line in lines { line.changed.signal() }
  }

  /// For one start of an agent.
  func make() -> KillSwitch {
    KillSwitch("hand", logger: Logger(label: "hand") { _ in SwiftLogNoOpLogHandler() }) { () throws(SystemError) in
      let line = Line(self)
      self.state.withLock { $0.lines.append(line) }
      return line
    }
  }

  private final class Line: SwitchLine, Sendable {
    let changed = DispatchSemaphore(value: 0)
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
      changed.signal()
    }
  }
}

enum Clock {
  /// Minutes since Monday 00:00 UTC.
  static var weekMinute: Int {
    let minutes = Int(Clocks.unixMicroseconds() / 60_000_000)
    // 1 January 1970 was a Thursday.
    return (minutes + 3 * 1440) % (7 * 1440)
  }
}

struct NeverCame: Error, CustomStringConvertible {
  let description: String
}

/// Looks again and again until a condition holds.
/// - Throws: ``NeverCame`` after a time in which it must.
func until(_ what: String, seconds: Double = 40, _ condition: () async throws -> Bool) async throws {
  let end = ContinuousClock.now + .seconds(seconds)
  while try await !condition() {
    guard ContinuousClock.now < end else { throw NeverCame(description: "it never came: \(what)") }
    try await Task.sleep(for: .milliseconds(10))
  }
}
