/// The privacy policy's sentences as data: `seeds/000_17c9631cf052b985.txt` is the source, and tests hold the two
/// together word by word.
package enum Clauses {
  /// Every clause, C1 to C20, with the exceptions of C12 after it.
  package static let all: [Clause] = collection + disclosure

  /// What a program cannot keep or break: headings, values, and what only people can do; each with the reason why.
  package static let notForAProgram: [(quote: String, reason: String)] = [
    (
      "Home / Privacy Policy",
      "Navigation and title of the page."
    ),
    (
      "PUMPKII values user privacy.",
      "A value, which the clauses below make concrete or not at all."
    ),
    (
      "and we will do everything we can to protect your privacy to the extent commercially reasonable.",
      "A measure of effort in money; a program has no such measure, its duties hold always."
    ),
    (
      "Information collection and use",
      "A heading."
    ),
    (
      "data security",
      "A heading."
    ),
    (
      "Terms Update",
      "A heading."
    ),
    (
      "physical,",
      "Locks and rooms are guarded by people."
    ),
  ]

  /// The clause with this id.
  package static func clause(_ id: String) -> Clause? { all.first { $0.id == id } }
}
