internal import PumpkiiCapture

/// One opening of the camera: the mode that the host committed to, its pace, and what goes wrong.
struct VideoSession {
  let choice: StreamChoice
  let pace: Pace
  let source: any FrameSource
  /// The device's time began here.
  let origin: UInt64
  var faults: UnitFaults
  /// The next unit.
  var unit: UInt64 = 0
  /// Frames that went out.
  var sent: UInt64 = 0
  /// Frames that came due while nobody took any.
  var skipped: UInt64 = 0

  init(_ choice: StreamChoice, pace: Pace, source: any FrameSource, origin: UInt64, faults: UnitFaults) {
    self.choice = choice
    self.pace = pace
    self.source = source
    self.origin = origin
    self.faults = faults
  }

  func faults(of unit: UInt64) -> [Fault] { faults.of(unit, at: max(pace.due(unit), pace.first) - pace.first) }

  /// What befalls the last of some units. It inherits what single units before it, which nobody took, would have had:
  /// a script is played in full on a slow machine, too.
  func faults(from first: UInt64, through last: UInt64) -> [Fault] {
    var all = faults(of: last)
    for unit in max(first, last - min(last, Self.longestMemory))..<last {
      let missed = faults(of: unit).filter { !$0.kind.lasts || $0.kind.stops || $0.kind == .controlStall }
      all += missed.filter { fault in !all.contains { $0.kind == fault.kind } }
    }
    return all
  }

  /// Units, so that a camera of which nobody took a frame for an hour does not count them all.
  private static let longestMemory: UInt64 = 10_000

  func fate(of unit: UInt64) -> FrameFate { FrameFate(faults(of: unit), unit: unit) }

  /// What is burnt into a frame: the device's own time, which faults may put wrong.
  func mark(_ number: UInt64, _ fate: FrameFate, isShut: Bool) -> FrameMark {
    let elapsed = Int64(max(pace.due(number), origin) - origin) + fate.clockOffset
    return FrameMark(
      number: UInt32(truncatingIfNeeded: number), milliseconds: UInt32(truncatingIfNeeded: max(elapsed, 0) / 1_000_000),
      isShut: isShut)
  }

  /// Into the log: what lasts is told where it begins, what spoils single frames for each of them.
  func report(_ now: [Fault], _ unit: UInt64, to log: WebcamLog) {
    guard !now.isEmpty else { return }
    let before = self.unit > 0 ? faults(of: self.unit - 1).map(\.kind) : []
    for fault in now where !fault.kind.lasts || !before.contains(fault.kind) {
      log.add(.fault(fault.kind, unit: unit))
    }
  }
}
