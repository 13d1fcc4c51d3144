internal import PumpkiiWire

/// What waits to be written to the decision log. Bounded; when it is full what comes is folded into a number, which is
/// written as an entry of its own when there is room.
package struct DecisionQueue: Sendable {
  package let capacity: Int
  private var waiting: [AuditDraft] = []
  private var owed: UInt32 = 0
  /// Entries that were ever folded.
  package private(set) var folded: UInt64 = 0

  package init(capacity: Int = 256) { self.capacity = max(capacity, 1) }

  package var isEmpty: Bool { waiting.isEmpty && owed == 0 }
  package var count: Int { waiting.count }

  package mutating func put(_ draft: AuditDraft) {
    guard waiting.count < capacity else {
      owed = owed &+ (owed == .max ? 0 : 1)
      folded += 1
      return
    }
    waiting.append(draft)
  }

  /// The oldest, at most `most`, and after the last of them how many found no room.
  package func next(_ most: Int, at time: UInt64) -> [AuditDraft] {
    let taken = Array(waiting.prefix(most - 1))
    guard taken.count == waiting.count, owed > 0 else { return taken }
    return taken + [.record(.folded(owed), at: time)]
  }

  /// They are on the disk.
  package mutating func remove(_ written: [AuditDraft]) {
    var entries = written.count
    if case .folded(let told)? = written.last?.plain {
      owed -= min(told, owed)
      entries -= 1
    }
    waiting.removeFirst(min(entries, waiting.count))
  }
}
