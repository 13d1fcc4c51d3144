/// Where a device stops by itself: what the profile says, and what chance brings before that.
struct StopPlan: Sendable {
  /// An end of the stream.
  struct Stop: Sendable {
    var fault: Fault
    /// The first unit that is not made.
    var unit: UInt64
    var instant: UInt64
  }

  /// The first end that is known of; nil for none.
  private(set) var next: Stop?
  private let script: FaultScript
  private let pace: Pace
  /// Units in which chance was looked for an end.
  private var scanned: UInt64 = 0

  init(_ script: FaultScript, pace: Pace, opened: UInt64) {
    self.script = script
    self.pace = pace
    for fault in script.scheduled where fault.kind.stops {
      switch fault.trigger {
      case .unit(let unit): add(Stop(fault: fault, unit: unit, instant: pace.due(unit)))
      case .time(let time):
        let instant = opened + time
        add(Stop(fault: fault, unit: instant > 0 ? pace.made(by: instant - 1) : 0, instant: instant))
      case .chance: break
      }
    }
  }

  /// Throws dice for the units that are there at `now`, and for the one that is waited for.
  mutating func look(at now: UInt64) {
    guard script.hasAccidents else { return }
    let limit = min(pace.made(by: now) + 1, next?.unit ?? .max)
    while scanned < limit {
      if let fault = script.accidents(at: scanned).first {
        return add(Stop(fault: fault, unit: scanned, instant: pace.due(scanned)))
      }
      scanned += 1
    }
  }

  private mutating func add(_ stop: Stop) {
    if let next, next.instant <= stop.instant { return }
    next = stop
  }
}
