/// The specialist words of the policy, the flags and the errors, each explained in a sentence (clause C17).
package enum Glossary {
  /// One word, or a few that mean the same.
  package struct Term: Sendable, Equatable {
    /// As people write it.
    package let name: String
    /// Other ways to write it.
    package let also: [String]
    /// What it means here.
    package let sentence: String

    init(_ name: String, also: [String] = [], _ sentence: String) {
      self.name = name
      self.also = also
      self.sentence = sentence
    }
  }

  /// Every term, in alphabetical order.
  package static let terms: [Term] = (policy + flags + security + machine + errors)
    .sorted { key($0.name) < key($1.name) }

  /// The term that a word means, whatever its case, hyphens and blanks.
  package static func term(_ word: String) -> Term? { index[key(word)] }

  /// The terms in a code of an error (`vault-bad-tag`), in the order in which they stand.
  package static func terms(inCode code: String) -> [Term] {
    code.split(separator: "-").compactMap { term(String($0)) }
  }

  private static let index: [String: Term] = Dictionary(
    terms.flatMap { term in ([term.name] + term.also).map { (key($0), term) } }, uniquingKeysWith: { first, _ in first }
  )

  static func key(_ word: String) -> String {
    String(word.lowercased().filter { $0 != "-" && $0 != " " && $0 != "_" })
  }
}
