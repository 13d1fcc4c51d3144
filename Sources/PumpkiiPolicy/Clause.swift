/// One thing the privacy policy says that a program keeps: by a flag that is asked, or as a duty without a switch.
package struct Clause: Sendable, Equatable {
  /// `C1` to `C20`, and `C12a` to `C12e`.
  package let id: String
  /// Verbatim spans of the policy, nothing left out within a span.
  package let quotes: [String]
  /// What the clause comes to here, in one sentence.
  package let summary: String
  /// The flags by which it is kept.
  package let flags: [Flag]
  /// What the programs do whatever the flags say; nil when the flags are all.
  package let duty: String?

  init(id: String, quotes: [String], summary: String, flags: [Flag], duty: String? = nil) {
    self.id = id
    self.quotes = quotes
    self.summary = summary
    self.flags = flags
    self.duty = duty
  }
}
