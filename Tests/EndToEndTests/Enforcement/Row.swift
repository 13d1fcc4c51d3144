import PumpkiiPolicy
import Synchronization
import Testing

/// One cell of the table: a flag is denied by a hand in a phase, and an effect of it is gone.
struct Row: Hashable, CustomStringConvertible {
  enum Phase: String, CaseIterable, Sendable {
    case beforeStart = "before it starts"
    case running = "while it runs"
  }

  let flag: Flag
  let effect: Effect
  let hand: Hand
  let phase: Phase

  var description: String { "\(effect.rawValue) of \(flag.rawValue) denied by \(hand.rawValue) \(phase.rawValue)" }

  /// What the table demands of these flags and effects.
  static func all(_ flags: some Sequence<Flag>, _ effects: Set<Effect>) -> Set<Row> {
    var rows: Set<Row> = []
    for flag in flags {
      for hand in Hand.allCases where hand.denies(flag) != nil {
        for effect in flag.effects.intersection(effects) {
          for phase in Phase.allCases where effect.isShown(by: hand, phase) {
            rows.insert(Row(flag: flag, effect: effect, hand: hand, phase: phase))
          }
        }
      }
    }
    return rows
  }
}

extension Effect {
  /// False for the rows that cannot be laid out, and for these alone.
  func isShown(by hand: Hand, _ phase: Row.Phase) -> Bool {
    switch self {
    // Nothing is held back by what does not run.
    case .preRoll: phase == .running
    default: true
    }
  }
}

/// The rows that one test showed. Each is noted where it was seen, and at the end they must be all that its suite claims:
/// a row that drops out of a loop turns the test red.
final class ShownRows: Sendable {
  private let rows = Mutex<Set<Row>>([])

  func note(_ flag: Flag, _ effects: Set<Effect>, _ hand: Hand, _ phase: Row.Phase) {
    rows.withLock { rows in
      for effect in flag.effects.intersection(effects) where effect.isShown(by: hand, phase) {
        rows.insert(Row(flag: flag, effect: effect, hand: hand, phase: phase))
      }
    }
  }

  func expectAll(_ claimed: Set<Row>, _ location: SourceLocation = #_sourceLocation) {
    let missing = claimed.subtracting(rows.withLock { $0 }).map(\.description).sorted()
    #expect(missing == [], "rows that nobody showed", sourceLocation: location)
  }
}
