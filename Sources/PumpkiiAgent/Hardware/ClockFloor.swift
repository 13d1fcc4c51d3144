package import PumpkiiPolicy

/// The lowest time that the clock may show: a pure machine with both clocks handed in.
package struct ClockFloor: Sendable {
  /// What a look came to.
  package struct Answer: Sendable, Equatable {
    /// What decisions may think of the time.
    package var facts: ClockFacts
    /// It is below the floor, and was not at the look before.
    package var isNews = false
    /// The floor was lowered: a time source has kept the clock long enough.
    package var isNewFloor = false
  }

  static let advice =
    "It is believed again once a time source (NTP) has kept it for ten minutes, or when the earlier time is passed; whoever "
    + "runs a board without one sets the clock, stops the agent and removes the file clock from its folder."

  /// Unix µs.
  package private(set) var floor: UInt64
  /// What of it is on the disk.
  package var written: UInt64
  private let tolerance: UInt64
  private let probation: UInt64
  /// The wall clock's lead over the monotonic one in µs, the highest since the last look that found it good.
  private var lead: Int64?
  /// A step back that was told already.
  private var isTold = false
  private var isBelow = false
  /// Since when (ns) a time source has kept a clock that is below the floor, and its lead then.
  private var trial: (since: UInt64, lead: Int64)?

  /// - Parameters:
  ///   - tolerance: µs.
  ///   - probation: ns.
  package init(floor: UInt64, tolerance: UInt64, probation: UInt64) {
    self.floor = floor
    written = floor
    self.tolerance = tolerance
    self.probation = probation
  }

  /// - Parameters:
  ///   - wall: Unix µs.
  ///   - monotonic: ns.
  package mutating func look(wall: UInt64, monotonic: UInt64, keeper: ClockKeeper) -> Answer {
    let now = Self.lead(wall, monotonic)
    // Where the clock would be without a step was an instant as well, whether somebody looked then or not.
    if !isBelow, let lead, lead - now > Int64(tolerance) { floor = max(floor, wall &+ UInt64(lead - now)) }
    let isLow = wall < floor - min(floor, tolerance)
    guard wall >= ClockCheck.earliest, isLow || keeper != .nothing else {
      (trial, isBelow) = (nil, false)
      return Answer(facts: .unset)
    }
    guard isLow else {
      good(wall, now)
      return Answer(facts: .trusted)
    }
    if passes(now, monotonic, keeper) {
      floor = wall
      written = 0
      good(wall, now)
      return Answer(facts: .trusted, isNewFloor: true)
    }
    defer { isBelow = true }
    return Answer(facts: .jumpedBack, isNews: !isBelow)
  }

  /// Whether the clock is behind the monotonic one, and whether that is told for the first time.
  package mutating func compare(wall: UInt64, monotonic: UInt64) -> (isBack: Bool, isNews: Bool) {
    guard let lead else { return (false, false) }
    let now = Self.lead(wall, monotonic)
    guard lead - now > Int64(tolerance) else {
      // It may go on: a suspended machine's monotonic clock stands still.
      self.lead = max(lead, now)
      return (false, false)
    }
    defer { isTold = true }
    return (true, !isTold)
  }

  /// The floor, when what is on the disk is older by `interval` µs; then it counts as written.
  package mutating func toWrite(after interval: UInt64) -> UInt64? {
    guard floor > written, floor != .max, floor - written >= interval else { return nil }
    written = floor
    return floor
  }

  private mutating func good(_ wall: UInt64, _ now: Int64) {
    floor = max(floor, wall)
    (lead, trial, isBelow, isTold) = (now, nil, false, false)
  }

  /// Whether a time source has kept the clock for long enough, without another step.
  private mutating func passes(_ now: Int64, _ monotonic: UInt64, _ keeper: ClockKeeper) -> Bool {
    guard keeper == .timeSource else {
      trial = nil
      return false
    }
    guard let trial, abs(trial.lead - now) <= Int64(tolerance) else {
      trial = (monotonic, now)
      return false
    }
    return monotonic - min(monotonic, trial.since) >= probation
  }

  private static func lead(_ wall: UInt64, _ monotonic: UInt64) -> Int64 {
    Int64(bitPattern: wall &- monotonic / 1000)
  }
}
