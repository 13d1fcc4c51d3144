import PumpkiiSystem

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
