internal import CPumpkiiV4L2

/// What a driver's timestamp is worth.
enum FrameTime {
  /// A timestamp that lies further ahead than this is no timestamp; drivers are ahead by some ms.
  static let tolerance: UInt64 = 1_000_000_000

  /// CLOCK_MONOTONIC in ns of a frame.
  /// - Parameters:
  ///   - since: when the stream was started; nothing is older than it.
  ///   - last: of the frame before; time does not go back.
  /// - Returns: the time, and whether it is that of the collection, as the driver gave none that can be used.
  static func judge(
    seconds: Int, microseconds: Int, flags: UInt32, now: UInt64, since: UInt64, last: UInt64
  ) -> (nanoseconds: UInt64, isOurs: Bool) {
    let isMonotonic = flags & UInt32(V4L2_BUF_FLAG_TIMESTAMP_MASK) == UInt32(V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC)
    guard isMonotonic, seconds >= 0, (0..<1_000_000).contains(microseconds) else { return (max(now, last), true) }
    let (whole, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
    let (stamp, carry) = whole.addingReportingOverflow(UInt64(microseconds) * 1000)
    guard !overflow, !carry, stamp <= now &+ tolerance, stamp &+ tolerance >= since else {
      return (max(now, last), true)
    }
    // vivid's lie a little in the future; a reader of ours must never see a negative age.
    return (max(min(stamp, now), last), false)
  }
}
