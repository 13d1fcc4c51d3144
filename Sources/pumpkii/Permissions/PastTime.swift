internal import ArgumentParser
internal import FoundationEssentials
internal import PumpkiiSystem

/// An instant in the past as written on a command line: `2h` (30s, 5m, 7d) before now, a day `2026-01-31`, or
/// `2026-01-31T08:00:00Z`.
struct PastTime: ExpressibleByArgument, Sendable {
  /// Unix µs.
  let microseconds: UInt64

  init?(argument: String) {
    guard let value = Self.ago(argument) ?? Self.date(argument) else { return nil }
    microseconds = value
  }

  private static func ago(_ text: String) -> UInt64? {
    let units: [Character: UInt64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
    guard let last = text.last, let unit = units[last], let count = UInt64(text.dropLast()), count <= 1_000_000 else {
      return nil
    }
    let now = Clocks.unixMicroseconds()
    return now - min(now, count * unit * 1_000_000)
  }

  private static func date(_ text: String) -> UInt64? {
    let whole = text.count == 10 ? text + "T00:00:00Z" : text
    guard let date = try? Date(whole, strategy: .iso8601), date.timeIntervalSince1970 >= 0 else { return nil }
    return UInt64(date.timeIntervalSince1970 * 1e6)
  }

  /// As the log prints it, in UTC.
  static func text(_ microseconds: UInt64) -> String {
    Date(timeIntervalSince1970: Double(microseconds) / 1e6).formatted(.iso8601)
  }
}
