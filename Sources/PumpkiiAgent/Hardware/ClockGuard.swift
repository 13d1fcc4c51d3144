package import Logging
package import PumpkiiPolicy
internal import PumpkiiSystem
internal import Synchronization

/// Whether the wall clock can be relied on: it is kept by something, and it never went below an instant that was
/// before. The highest instant is on the disk, so that a clock set back while the agent was off is noticed too; while
/// it runs, the monotonic clock tells at once.
package final class ClockGuard: Sendable {
  /// The two clocks; others for tests.
  package struct Time: Sendable {
    /// Unix µs.
    package var wall: @Sendable () -> UInt64
    /// CLOCK_MONOTONIC in ns.
    package var monotonic: @Sendable () -> UInt64

    package init(
      wall: @escaping @Sendable () -> UInt64 = { Clocks.unixMicroseconds() },
      monotonic: @escaping @Sendable () -> UInt64 = { Clocks.monotonic() }
    ) {
      self.wall = wall
      self.monotonic = monotonic
    }
  }

  /// µs by which a clock may go back unnoticed, as a time service does.
  private static let tolerance: UInt64 = 1_000_000
  /// µs between two writes of the floor; it is also written at the end, and when the times of the policy deny.
  private static let writeInterval: UInt64 = 600_000_000
  /// ns for which a time source must keep a clock, without a step, that is below the floor.
  private static let probation: UInt64 = 600_000_000_000
  static let fileName = "clock"

  private let home: AgentHome
  private let logger: Logger?
  private let time: Time
  private let keeper: @Sendable () -> ClockKeeper
  private let state: Mutex<ClockFloor>
  private let listener = Mutex<(@Sendable () -> Void)?>(nil)
  private let hasFailed = Mutex(false)

  /// - Parameter keeper: what keeps the clock now.
  /// - Throws: ``AgentError`` `home` when the floor cannot be read.
  package init(
    home: AgentHome, logger: Logger? = nil, time: Time = Time(), keeper: @escaping @Sendable () -> ClockKeeper
  ) throws(AgentError) {
    self.home = home
    self.logger = logger
    self.time = time
    self.keeper = keeper
    let floor = try home.read(Self.fileName).map { bytes in
      // A damaged floor is no reason to believe a clock that may be wrong: it counts as one that was never passed.
      bytes.last == 0x0A ? UInt64(String(decoding: bytes.dropLast(), as: UTF8.self)) ?? .max : .max
    }
    if floor == .max { logger?.warning("the file \(Self.fileName) is damaged: \(ClockFloor.advice)") }
    state = Mutex(ClockFloor(floor: floor ?? 0, tolerance: Self.tolerance, probation: Self.probation))
  }

  /// Called by whoever first sees the clock go back, on any thread.
  package func onStepBack(_ listener: @escaping @Sendable () -> Void) { self.listener.withLock { $0 = listener } }

  /// What can be said of the clock now; raises the floor.
  package func facts() -> ClockFacts {
    let keeper = keeper()
    let (answer, toWrite) = state.withLock { state -> (ClockFloor.Answer, UInt64?) in
      let answer = state.look(wall: time.wall(), monotonic: time.monotonic(), keeper: keeper)
      return (answer, state.toWrite(after: answer.isNewFloor ? 0 : Self.writeInterval))
    }
    say(answer)
    if let toWrite { write(toWrite) }
    return answer.facts
  }

  /// Whether the clock is below where it should be by the monotonic one, from the last look on. Costs two reads of a
  /// clock: asked for each object.
  package var hasSteppedBack: Bool {
    let (isBack, isNews) = state.withLock { $0.compare(wall: time.wall(), monotonic: time.monotonic()) }
    if isNews { listener.withLock { $0 }?() }
    return isBack
  }

  /// Puts the floor on the disk now: at the end, and when the times of the policy begin to deny. Blocks.
  package func save() {
    _ = facts()
    if let toWrite = state.withLock({ $0.toWrite(after: 0) }) { write(toWrite) }
  }

  private func write(_ floor: UInt64) {
    do throws(AgentError) {
      try home.write(Array("\(floor)\n".utf8), Self.fileName)
      hasFailed.withLock { $0 = false }
    } catch {
      state.withLock { $0.written = 0 }
      let isNews = hasFailed.withLock { hasFailed in
        defer { hasFailed = true }
        return !hasFailed
      }
      if isNews { logger?.warning("the clock's floor could not be stored: \(error)") }
    }
  }

  private func say(_ answer: ClockFloor.Answer) {
    if answer.isNewFloor {
      logger?.notice(
        "the clock is below an earlier time and a time source has kept it for ten minutes: it is believed again")
    } else if answer.isNews {
      logger?.warning("the clock went back: what has set times is denied. \(ClockFloor.advice)")
    }
  }
}
