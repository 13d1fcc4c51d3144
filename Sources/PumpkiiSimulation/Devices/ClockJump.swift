/// What faults do to timestamps.
///
/// A consumer may rely on this: a timestamp is off by ``furthest`` at most, so it never goes back by more than that
/// either, and comes back to the true one when the fault ends.
enum ClockJump {
  /// 10 s in ns, however many jumps add up.
  static let furthest: Int64 = 10_000_000_000

  static func apply(_ faults: [Fault], to timestamp: UInt64) -> UInt64 {
    let sum = faults.reduce(Int64(0)) { sum, fault in
      fault.kind == .clockJump ? limit(sum + limit(fault.by)) : sum
    }
    return sum < 0 ? timestamp - min(sum.magnitude, timestamp) : timestamp + sum.magnitude
  }

  private static func limit(_ value: Int64) -> Int64 { min(max(value, -furthest), furthest) }
}
