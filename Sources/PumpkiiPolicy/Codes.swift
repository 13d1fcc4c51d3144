/// Every code of an error and every state that a command prints: what it comes from, and what to do (clause C17).
package enum Codes {
  /// One code.
  package struct Code: Sendable, Equatable {
    /// As errors and `--json` print it; it never changes.
    package let name: String
    /// What happened, in a sentence.
    package let cause: String
    /// What to do about it, in a sentence.
    package let remedy: String

    init(_ name: String, _ cause: String, _ remedy: String) {
      self.name = name
      self.cause = cause
      self.remedy = remedy
    }
  }

  /// Every code, room by room.
  package static let all: [Code] =
    states + client + agent + connection + relay + refusals + wire + vault + chain + devices + files

  /// The code of this name.
  package static func code(_ name: String) -> Code? { index[name] }

  private static let index = Dictionary(all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

  /// What is left where two programs do not understand each other.
  static let sameVersion = "Bring both programs to one version; if it stays, it is an error of theirs to be reported."
  /// What is left where bytes were altered or made by somebody else.
  static let distrust = "Do not trust what came; fetch it again, and ask its owner if it stays so."
}
