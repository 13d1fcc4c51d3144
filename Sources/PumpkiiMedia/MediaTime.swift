/// Exact conversions between ns and a track's timescale.
package enum MediaTime {
  /// Ticks a second of video tracks.
  package static let video: UInt32 = 90_000
  /// Ticks a second of audio tracks.
  package static let audio: UInt32 = 48_000

  /// Nanoseconds as ticks, to the nearest; the largest value stands for all above it.
  package static func ticks(nanoseconds: UInt64, timescale: UInt32) -> UInt64 {
    scale(nanoseconds, by: UInt64(timescale), over: 1_000_000_000, rounding: 500_000_000)
  }

  /// Ticks as nanoseconds, rounded down.
  package static func nanoseconds(ticks: UInt64, timescale: UInt32) -> UInt64 {
    scale(ticks, by: 1_000_000_000, over: UInt64(max(timescale, 1)), rounding: 0)
  }

  private static func scale(_ value: UInt64, by factor: UInt64, over divisor: UInt64, rounding: UInt64) -> UInt64 {
    var (high, low) = value.multipliedFullWidth(by: factor)
    let (sum, carry) = low.addingReportingOverflow(rounding)
    low = sum
    if carry { high += 1 }
    return high < divisor ? divisor.dividingFullWidth((high, low)).quotient : .max
  }
}
