package import PumpkiiCapture

/// Accounts for every frame a camera made since it was opened, over all restarts. Pure.
package struct FrameLedger: Sendable, Equatable {
  /// Delivered and lost so far.
  package private(set) var counters = CaptureCounters()
  /// Frames made so far: the number of the next one.
  package private(set) var made: UInt64 = 0
  /// The driver's number of the last good frame of this stream.
  private var last: UInt32?
  /// Damaged buffers since then: their numbers are not trusted, so a gap may be theirs.
  private var unnumbered: UInt64 = 0

  /// A jump that is larger is another way of counting, not a loss: half an hour at 30 frames a second.
  static let largestGap: UInt32 = 65536

  /// Nothing yet.
  package init() {}

  /// A frame with a number came.
  /// - Returns: its number since the opening.
  package mutating func number(_ sequence: UInt32) -> UInt32 {
    if let last {
      let step = sequence &- last
      if step > 1, step <= Self.largestGap {
        let gap = UInt64(step) - 1
        miss(.gap, gap - min(gap, unnumbered))
      }
    }
    last = sequence
    unnumbered = 0
    let unit = UInt32(truncatingIfNeeded: made)
    made &+= 1
    return unit
  }

  /// The numbered frame goes to the caller.
  package mutating func deliver() { counters.delivered &+= 1 }

  /// The numbered frame does not.
  package mutating func drop(_ reason: CaptureLoss) { counters.lose(reason) }

  /// A buffer with the error flag; its number and time mean nothing.
  package mutating func damage() {
    made &+= 1
    unnumbered &+= 1
    counters.lose(.damaged)
  }

  /// Frames that nobody saw.
  package mutating func miss(_ reason: CaptureLoss, _ count: UInt64) {
    made &+= count
    counters.lose(reason, count)
  }

  /// The driver counts anew.
  package mutating func restart() {
    last = nil
    unnumbered = 0
  }

  /// A rung of the recovery ladder was taken.
  package mutating func recover(_ rung: String) { counters.recoveries[rung, default: 0] += 1 }

  /// A buffer the driver did not take back.
  package mutating func loseBuffer() { counters.buffersLost += 1 }
}
