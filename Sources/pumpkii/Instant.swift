internal import FoundationEssentials

/// Times as people type and read them: RFC 3339 in UTC.
enum Instant {
  /// Unix µs; nil for a text that is no time.
  static func parse(_ text: String) -> UInt64? {
    guard let date = try? Date(text, strategy: .iso8601), date.timeIntervalSince1970 >= 0 else { return nil }
    return UInt64(date.timeIntervalSince1970 * 1e6)
  }

  static func text(_ microseconds: UInt64) -> String {
    Date(timeIntervalSince1970: Double(microseconds) / 1e6).formatted(.iso8601)
  }
}
