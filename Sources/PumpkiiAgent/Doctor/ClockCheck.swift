internal import CLibTimex
internal import PumpkiiSystem

/// Whether the wall clock can be trusted: shares end and schedules begin by it.
package enum ClockCheck {
  /// Unix µs of 2026-01-01: whoever runs this program lives later.
  static let earliest: UInt64 = 1_767_225_600_000_000

  static func findings() -> [Finding] {
    var state = timex()
    let answer = unsafe adjtimex(&state)
    return [finding(unixMicroseconds: Clocks.unixMicroseconds(), isSynchronized: answer >= 0 && answer != TIME_ERROR)]
  }

  package static func finding(unixMicroseconds now: UInt64, isSynchronized: Bool) -> Finding {
    guard now >= earliest else {
      return Finding(
        .problem, "clock", "the clock is not set", advice: "Set it, or connect to the network and start a time service."
      )
    }
    if isSynchronized { return Finding(.ok, "clock", "the kernel keeps it with a time source") }
    return Finding(
      .warning, "clock", "nothing keeps the clock right",
      advice: "Start systemd-timesyncd or chrony; in a VM or container the host may do it.")
  }
}
