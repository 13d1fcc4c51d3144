package import PumpkiiPolicy
internal import Synchronization

/// Where whoever asks the gate tells of a denial: once an object, notice, report or look that does not come about.
/// Bounded by the number of points and flags; the decision log hears of each.
package final class Denials: Sendable {
  /// What was denied, and where.
  package struct Row: Sendable, Hashable {
    package let point: Point
    package let flag: Flag
  }

  private let log: @Sendable (Decision) -> Void
  private let state = Mutex<[Row: UInt64]>([:])
  /// What is denied now of what is always wanted, and by which layer.
  private let lasting = Mutex<[Row: Layer?]>([:])

  /// - Parameter log: takes each denial; must not wait.
  package init(log: @escaping @Sendable (Decision) -> Void = { _ in }) { self.log = log }

  /// Something was denied; never waits.
  package func add(_ decision: Decision) {
    guard !decision.allowed else { return }
    state.withLock { $0[Row(point: decision.point, flag: decision.flag), default: 0] += 1 }
    log(decision)
  }

  /// The same of what may have been allowed meanwhile.
  package func add(_ decision: Decision?) { if let decision { add(decision) } }

  /// Pre-roll (E5) and recording (E6) are wanted all the time: each denial of them counts once, when it begins, and
  /// again when another layer denies.
  package func follow(_ gate: Gate) {
    let wanted: [(LocalPoint, Flag)] = [
      (.keepQueue, .sensorCamera), (.keepQueue, .sensorMicrophone), (.keepQueue, .recordLocal), (.record, .recordLocal),
    ]
    for (point, flag) in wanted {
      let (row, denial) = (Row(point: point.point, flag: flag), gate.denial(point, flag))
      guard let denial else {
        lasting.withLock { _ = $0.removeValue(forKey: row) }
        continue
      }
      if lasting.withLock({ $0.updateValue(denial.layer, forKey: row) }) != denial.layer { add(denial) }
    }
  }

  /// Denials since the start.
  package var counts: [Row: UInt64] { state.withLock { $0 } }

  /// The same by the flag's name.
  package var byFlag: [String: UInt64] {
    Dictionary(counts.map { ($0.flag.rawValue, $1) }) { $0 + $1 }
  }
}
