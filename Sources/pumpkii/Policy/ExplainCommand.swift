internal import ArgumentParser
internal import PumpkiiPolicy

/// What a flag, a point, a clause or a word means.
struct ExplainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Explain a flag, a point, a clause, an error's code or a word.",
    discussion: """
      Examples: pumpkii explain sensor.microphone
                pumpkii explain E3
                pumpkii explain C13
                pumpkii explain vault-gap
                pumpkii explain pre-roll
      All words: pumpkii policy terms
      """)

  @Argument(help: "A flag, a point (E1 to E13), a clause (C1 to C20), an error's code, or a word.")
  var words: [String]

  func run() async throws {
    try await Program.run {
      let asked = words.joined(separator: " ")
      guard let subject = Explanation.subject(asked) else {
        throw ValidationError("\"\(asked)\" is no flag, point, clause, code or word of ours; see pumpkii policy terms.")
      }
      switch subject {
      case .flag, .point: try await explainRule(subject)
      case .clause, .terms: show(subject)
      }
    }
  }

  /// Flags and points: what they mean for everybody.
  private func explainRule(_ subject: Explanation.Subject) async throws { show(subject) }

  private func show(_ subject: Explanation.Subject) {
    for line in Explanation.lines(subject) { Output.line(line) }
  }
}
