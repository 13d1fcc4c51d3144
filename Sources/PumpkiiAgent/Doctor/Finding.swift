/// One line of the doctor: what was looked at, what it is like, and what to do about it.
package struct Finding: Sendable, Equatable {
  /// How bad it is.
  package enum Level: String, Sendable, CaseIterable, Comparable {
    case ok
    case warning
    case problem

    private var place: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    /// By how bad they are.
    package static func < (left: Level, right: Level) -> Bool { left.place < right.place }
  }

  package let level: Level
  /// `camera access`, `clock`: stable, for programs.
  package let topic: String
  /// What is the case.
  package let text: String
  /// What to do; empty where nothing is.
  package let advice: String

  /// A finding without advice is well.
  package init(_ level: Level, _ topic: String, _ text: String, advice: String = "") {
    self.level = level
    self.topic = topic
    self.text = text
    self.advice = advice
  }
}
