/// A driver's ring of buffers in front of a pace: what nobody collects in time is overwritten, the oldest first.
struct UnitQueue: Sendable {
  let pace: Pace
  /// Buffers of the ring.
  let capacity: UInt64
  /// No unit from this one on is made: the device froze.
  var end = UInt64.max
  /// The next unit to hand out.
  private(set) var next: UInt64 = 0
  /// Units overwritten so far.
  private(set) var overwritten: UInt64 = 0
  /// Units that were there and left out with intent.
  private(set) var skipped: UInt64 = 0

  init(pace: Pace, capacity: Int) {
    self.pace = pace
    self.capacity = UInt64(max(capacity, 1))
  }

  /// Units made at `now`, collected or not.
  func made(by now: UInt64) -> UInt64 { min(pace.made(by: now), end) }

  /// The oldest unit that is there, nil for none yet.
  mutating func take(at now: UInt64) -> UInt64? {
    let made = overwrite(at: now)
    guard made > next else { return nil }
    defer { next += 1 }
    return next
  }

  /// Leaves out what is there: all of it at once, as when the ring is given back.
  mutating func skip(at now: UInt64) {
    let made = overwrite(at: now)
    if made > next {
      skipped += made - next
      next = made
    }
  }

  private mutating func overwrite(at now: UInt64) -> UInt64 {
    let made = made(by: now)
    if made > next, made - next > capacity {
      overwritten += made - capacity - next
      next = made - capacity
    }
    return made
  }

  /// When the next unit will be there; nil when it never will.
  var nextDue: UInt64? { next < end ? pace.due(next) : nil }
}
