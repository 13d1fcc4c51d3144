/// A finished clip on the device's disk.
package struct SpooledClip: Sendable, Equatable {
  /// Seconds by which the clock may differ before it counts as set.
  private static let tolerance: UInt64 = 60

  package let number: UInt64
  package let path: String
  package let byteCount: Int
  /// Unix s of its end, by the clock as it was then.
  package private(set) var modified: UInt64
  /// CLOCK_MONOTONIC in s of its end; nil for one of an earlier run.
  let ended: UInt64?

  package init(number: UInt64, path: String, byteCount: Int, modified: UInt64, ended: UInt64? = nil) {
    self.number = number
    self.path = path
    self.byteCount = byteCount
    self.modified = modified
    self.ended = ended
  }

  /// Seconds since its end. Of a clip of this run the clock is not asked: it may have been set meanwhile.
  func age(now: UInt64, uptime: UInt64) -> UInt64 {
    if let ended { return uptime - min(uptime, ended) }
    return now - min(now, modified)
  }

  /// Takes the time of its end by the clock as it is now.
  /// - Returns: whether that is another one.
  mutating func wasDated(now: UInt64, uptime: UInt64) -> Bool {
    guard ended != nil else { return false }
    let age = age(now: now, uptime: uptime)
    let date = now - min(now, age)
    guard max(date, modified) - min(date, modified) > Self.tolerance else { return false }
    modified = date
    return true
  }
}
