internal import CLibTimex
internal import PumpkiiSystem

/// What is known of a machine's clocks. Values, so that every case can be tried.
package struct ClockSigns: Sendable, Equatable {
  /// A clock of `/sys/class/rtc`.
  package struct Battery: Sendable, Equatable {
    /// The system's clock was set from it at boot.
    package var setTheSystem: Bool
    /// Unix seconds by it; nil when it cannot be read.
    package var seconds: UInt64?

    package init(setTheSystem: Bool, seconds: UInt64?) { (self.setTheSystem, self.seconds) = (setTheSystem, seconds) }
  }

  /// The kernel says that a time source disciplines its clock.
  package var isSynchronized: Bool
  package var batteries: [Battery]
  /// Seconds since boot.
  package var uptime: UInt64

  package init(isSynchronized: Bool, batteries: [Battery] = [], uptime: UInt64 = 0) {
    self.isSynchronized = isSynchronized
    self.batteries = batteries
    self.uptime = uptime
  }

  /// Seconds by which a kept clock and the system's may differ at boot: each is read in whole seconds.
  private static let slack: UInt64 = 5
  /// Two crystals run apart; by one second in so many, at the most.
  private static let drift: UInt64 = 10_000

  /// What keeps the clock that shows `now` (Unix µs). A device node alone says nothing: boards have one without a
  /// battery behind it, which begins at 1970 or 2000 with each start.
  package func keeper(at now: UInt64) -> ClockKeeper {
    if isSynchronized { return .timeSource }
    let (system, limit) = (now / 1_000_000, Self.slack + uptime / Self.drift)
    let isKept = batteries.contains { battery in
      guard battery.setTheSystem, let seconds = battery.seconds else { return false }
      return max(seconds, system) - min(seconds, system) <= limit
    }
    return isKept ? .battery : .nothing
  }

  /// What this machine says now.
  package static func machine() -> ClockSigns {
    var state = timex()
    let answer = unsafe adjtimex(&state)
    let isSynchronized = answer >= 0 && answer != TIME_ERROR && state.status & STA_UNSYNC == 0
    return ClockSigns(
      isSynchronized: isSynchronized, batteries: isSynchronized ? [] : batteries(in: "/sys/class/rtc"),
      uptime: Clocks.monotonic() / 1_000_000_000)
  }

  /// What keeps this machine's clock now.
  package static var machineKeeper: ClockKeeper { machine().keeper(at: Clocks.unixMicroseconds()) }

  /// The same, with the word of whoever runs the board where nothing else keeps the clock (`clock.trusted`).
  package static func keeper(isVouchedFor: Bool) -> ClockKeeper {
    let keeper = machineKeeper
    return keeper == .nothing && isVouchedFor ? .word : keeper
  }

  /// The clocks of a folder as the kernel lays it out.
  package static func batteries(in folder: String) -> [Battery] {
    ((try? DurableFile.list(folder)) ?? []).sorted().map { name in
      Battery(
        setTheSystem: number("\(folder)/\(name)/hctosys") == 1, seconds: number("\(folder)/\(name)/since_epoch"))
    }
  }

  private static func number(_ path: String) -> UInt64? {
    guard let bytes = (try? DurableFile.read(path, limit: 64)) ?? nil else { return nil }
    return UInt64(String(decoding: bytes, as: UTF8.self).prefix { $0 != "\n" })
  }
}
