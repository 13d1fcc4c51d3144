internal import PumpkiiPolicy

/// What came of a change on the board, and what denies all the same: a denial that is taken back gives nothing that
/// somebody else denies.
package struct BoardOutcome: Sendable, Codable, Equatable {
  /// A flag that was to be allowed and is not.
  package struct Denied: Sendable, Codable, Equatable {
    package var flag: String
    /// Two sentences: why, and what would change it.
    package var reason: String

    package init(flag: String, reason: String) {
      self.flag = flag
      self.reason = reason
    }
  }

  /// False where it was so already.
  package var isChanged = true
  /// Who denies everything now: `owner`, `board`, or nil.
  package var pausedBy: String?
  /// Flags that were to be allowed and are not, in the order of the flags.
  package var denied: [Denied] = []
  /// After a wish for a clip.
  package var wish: Wish?

  package init(isChanged: Bool = true, pausedBy: String? = nil, denied: [Denied] = [], wish: Wish? = nil) {
    self.isChanged = isChanged
    self.pausedBy = pausedBy
    self.denied = denied
    self.wish = wish
  }

  /// After a change, by what holds now.
  /// - Parameter wanted: the flags that it was to allow.
  init(isChanged: Bool, wanted: Set<Flag>, facts: Facts, now: UInt64) {
    self.isChanged = isChanged
    pausedBy = facts.owner?.paused?.rawValue
    denied = Flag.allCases.filter(wanted.contains).compactMap { flag in
      let decision = decide(Request(point: flag.points.first ?? .seal, flag: flag), facts: facts, now: now)
      return decision.allowed ? nil : Denied(flag: flag.rawValue, reason: decision.reason)
    }
  }
}

// In words, for whoever typed the command.
extension BoardOutcome {
  private static let ownersPause = "the owner's pause still denies everything: pumpkii permissions resume."
  private static let boardsPause =
    "the pause on this board denies everything: pumpkii permissions resume --board FOLDER."

  private var pause: String? {
    pausedBy.map { $0 == "owner" ? Self.ownersPause : Self.boardsPause }
  }

  /// After the end of a pause made on the board.
  package var resumed: String {
    guard let pause else {
      return isChanged ? "This board goes by its flags again." : "Nothing is paused on this board."
    }
    return (isChanged ? "Resumed on the board; " : "Nothing was paused on this board; ") + pause
  }

  /// After a denial made on the board was taken back.
  package func restored(_ flag: String) -> String {
    guard isChanged else { return "\(flag) was not denied on this board; nothing changed." }
    if let pause { return "\(flag) is no longer denied on this board; \(pause)" }
    guard let still = denied.first else { return "\(flag) is allowed again, as the owner's policy has it." }
    return "\(flag) is no longer denied on this board, but: \(still.reason)"
  }

  /// After flags were set: a line, and one for each that is denied all the same.
  package var set: [String] {
    if let pause { return ["Set; \(pause)"] }
    guard !denied.isEmpty else { return ["Set, and in force."] }
    return ["Set; denied all the same:"] + denied.map(\.reason)
  }
}
