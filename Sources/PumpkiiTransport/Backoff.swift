/// How long to wait before the next try: doubling, capped, and jittered between half and the whole, so that a thousand
/// cameras do not return to a restarted relay in one second. Pure: the caller brings the random numbers and the clock.
package struct Backoff: Sendable {
  /// The first wait, before the jitter.
  package let first: Duration
  /// The longest wait, before the jitter.
  package let cap: Duration
  /// Tries since the last ``reset()``.
  package private(set) var tries = 0

  /// A back-off that has not waited yet.
  package init(first: Duration = .milliseconds(250), cap: Duration = .seconds(30)) {
    self.first = first
    self.cap = cap
  }

  /// The wait before the next try.
  package mutating func next(using random: inout some RandomNumberGenerator) -> Duration {
    let whole = min(cap, first * Double(UInt64(1) << UInt64(min(tries, 32))))
    tries += 1
    return whole * Double.random(in: 0.5...1, using: &random)
  }

  /// The wait before the next try, with the system's random numbers.
  package mutating func next() -> Duration {
    var random = SystemRandomNumberGenerator()
    return next(using: &random)
  }

  /// Something worked: the next wait is a short one again.
  package mutating func reset() { tries = 0 }
}
