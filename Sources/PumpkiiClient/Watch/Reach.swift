internal import PumpkiiWire

/// Whether what opens keeps up with what the camera has sealed, in one track: each proven beacon names a place, and it
/// counts once the opened objects are there, within two seconds.
struct Reach: Sendable {
  /// ns in which the place must be reached.
  static let patience: UInt64 = 2_000_000_000

  private struct Goal: Sendable {
    let uid: EpochUID
    let position: Beacon.Position
    let since: UInt64
  }

  private var goal: Goal?
  private var opened: (kid: SegmentKID, index: UInt32)?
  /// When the newest beacon came that was kept up with.
  private(set) var confirmed: UInt64?
  private(set) var isBehind = false

  /// A proven beacon says that the track is open.
  mutating func expect(_ position: Beacon.Position, uid: EpochUID, epochs: [EpochUID: UInt32], now: UInt64) {
    expire(now)
    // An older place that can still be reached goes first; without that a stream of beacons would never be missed.
    if goal == nil { goal = Goal(uid: uid, position: position, since: now) }
    check(epochs, now)
  }

  mutating func opened(_ kid: SegmentKID, _ index: UInt32, epochs: [EpochUID: UInt32], now: UInt64) {
    opened = (kid, index)
    check(epochs, now)
  }

  /// There is nothing to be reached.
  mutating func confirm(now: UInt64) {
    (goal, confirmed, isBehind) = (nil, now, false)
  }

  /// The sensor says that it gives nothing; what was kept up with before says nothing of what comes after.
  mutating func reset() { (goal, confirmed, isBehind) = (nil, nil, false) }

  mutating func check(_ epochs: [EpochUID: UInt32], _ now: UInt64) {
    expire(now)
    guard let goal, let opened, let epoch = epochs[goal.uid] else { return }
    let place = SegmentKID(epoch: epoch, segment: goal.position.segment, track: goal.position.track)
    guard opened.kid > place || (opened.kid == place && opened.index &+ 1 >= goal.position.nextIndex) else { return }
    (confirmed, isBehind, self.goal) = (goal.since, false, nil)
  }

  mutating func expire(_ now: UInt64) {
    guard let since = goal?.since, now > since + Self.patience else { return }
    goal = nil
    isBehind = true
  }
}
