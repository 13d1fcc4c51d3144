internal import CLibTimex
package import PumpkiiPolicy
internal import PumpkiiSystem
internal import Synchronization

/// Whether the wall clock can be relied on: it is kept by something, and it never went below an instant that was before.
/// The highest instant is on the disk, so that a clock set back while the agent was off is noticed too.
package final class ClockGuard: Sendable {
  /// µs by which a clock may go back unnoticed, as time services do.
  private static let tolerance: UInt64 = 60_000_000
  /// µs between two writes of the floor.
  private static let writeInterval: UInt64 = 600_000_000
  private static let fileName = "clock"

  private struct State {
    var floor: UInt64
    var written: UInt64
  }

  private let home: AgentHome
  private let isKept: @Sendable () -> Bool
  private let state: Mutex<State>

  /// - Parameter isKept: whether something keeps the clock: a time source, or a battery.
  /// - Throws: ``AgentError`` `home` when the floor cannot be read.
  package init(home: AgentHome, isKept: @escaping @Sendable () -> Bool) throws(AgentError) {
    self.home = home
    self.isKept = isKept
    let text = try home.read(Self.fileName).map { String(decoding: $0, as: UTF8.self) } ?? ""
    // A damaged floor is no reason to believe a clock that may be wrong: it counts as one that was never passed.
    let floor = text.isEmpty ? 0 : UInt64(text.drop { !$0.isNumber }.prefix { $0.isNumber }) ?? .max
    state = Mutex(State(floor: floor, written: floor))
  }

  /// What can be said of the clock at `now` (Unix µs); raises the floor.
  package func facts(at now: UInt64) -> ClockFacts {
    let (facts, toWrite) = state.withLock { state -> (ClockFacts, UInt64?) in
      guard now >= ClockCheck.earliest else { return (.unset, nil) }
      guard now + Self.tolerance >= state.floor else { return (.jumpedBack, nil) }
      guard isKept() else { return (.unset, nil) }
      state.floor = max(state.floor, now)
      guard state.floor - min(state.written, state.floor) >= Self.writeInterval else { return (.trusted, nil) }
      state.written = state.floor
      return (.trusted, state.floor)
    }
    if let toWrite { try? home.write(Array("\(toWrite)\n".utf8), Self.fileName) }
    return facts
  }

  /// Whether the kernel has a time source, or the machine a clock with a battery.
  package static func machineKeepsTime() -> Bool {
    var state = timex()
    let answer = unsafe adjtimex(&state)
    if answer >= 0, answer != TIME_ERROR { return true }
    return !((try? DurableFile.list("/sys/class/rtc")) ?? []).isEmpty
  }
}
