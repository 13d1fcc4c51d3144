internal import Glibc

/// The two clocks of the kernel that we read, as plain numbers.
package enum Clocks {
  /// CLOCK_MONOTONIC in ns: what drivers stamp frames with.
  package static func monotonic() -> UInt64 { read(CLOCK_MONOTONIC) }

  /// CLOCK_REALTIME in µs since 1970: what goes on the wire.
  package static func unixMicroseconds() -> UInt64 { read(CLOCK_REALTIME) / 1000 }

  /// CPU time of this process, user and system, in ns.
  package static func processCPU() -> UInt64 { read(CLOCK_PROCESS_CPUTIME_ID) }

  private static func read(_ clock: clockid_t) -> UInt64 {
    var time = timespec()
    unsafe clock_gettime(clock, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}

/// Maps CLOCK_MONOTONIC to Unix time once, so that a step of the wall clock does not tear a recording.
package struct WallClockAnchor: Sendable {
  private let monotonic: UInt64
  private let unix: UInt64

  package init() {
    monotonic = Clocks.monotonic()
    unix = Clocks.unixMicroseconds()
  }

  package init(monotonic: UInt64, unixMicroseconds: UInt64) {
    self.monotonic = monotonic
    unix = unixMicroseconds
  }

  /// Unix µs of a monotonic instant in ns, before or after the anchor.
  package func unixMicroseconds(_ instant: UInt64) -> UInt64 {
    instant >= monotonic ? unix &+ (instant - monotonic) / 1000 : unix &- min(unix, (monotonic - instant) / 1000)
  }

  /// How far the wall clock has moved against the monotonic one since the anchor, in µs.
  package var step: Int64 {
    Int64(bitPattern: Clocks.unixMicroseconds() &- unixMicroseconds(Clocks.monotonic()))
  }
}
