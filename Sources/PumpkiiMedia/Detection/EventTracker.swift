/// From single observations to events with a beginning and an end: what motion and sound detection share. A clock is
/// handed in with every observation.
struct EventTracker: Sendable {
  /// Observations in a row that begin an event.
  let confirmations: Int
  /// ns without one after which it ends.
  let quiet: UInt64
  /// ns after an end in which none begins.
  let holdOff: UInt64
  private var inRow = 0
  private var event: Event?
  private var heldUntil: UInt64 = 0

  private struct Event {
    let began: UInt64
    var last: UInt64
    var best: Double
    var zones: Set<String>
  }

  init(confirmations: Int, quiet: UInt64, holdOff: UInt64) {
    self.confirmations = max(confirmations, 1)
    self.quiet = quiet
    self.holdOff = holdOff
  }

  var isInEvent: Bool { event != nil }

  /// - Parameter score: nil where nothing was observed.
  mutating func observe(_ score: Double?, zones: [String] = [], at time: UInt64) -> DetectionReport? {
    guard let score else {
      inRow = 0
      guard let event, time >= event.last &+ quiet else { return nil }
      return end(at: time)
    }
    inRow += 1
    if var going = event {
      going.last = time
      going.best = max(going.best, score)
      going.zones.formUnion(zones)
      event = going
      return DetectionReport(
        stage: .goesOn, time: time, duration: time &- going.began, score: score, zones: zones.sorted())
    }
    guard inRow >= confirmations, time >= heldUntil else { return nil }
    event = Event(began: time, last: time, best: score, zones: Set(zones))
    return DetectionReport(stage: .began, time: time, score: score, zones: zones.sorted())
  }

  /// Nobody looks any more: an event that goes on ends.
  mutating func end(at time: UInt64) -> DetectionReport? {
    inRow = 0
    guard let ended = event else { return nil }
    event = nil
    heldUntil = time &+ holdOff
    return DetectionReport(
      stage: .ended, time: time, duration: ended.last &- ended.began, score: ended.best, zones: ended.zones.sorted())
  }
}
