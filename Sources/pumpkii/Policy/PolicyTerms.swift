internal import ArgumentParser
internal import PumpkiiPolicy

/// The glossary.
struct PolicyTerms: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "terms",
    abstract: "Print every specialist word of the policy, the flags and the errors with its sentence.",
    discussion: "One of them: pumpkii explain epoch")

  func run() async throws {
    try await Program.run {
      for term in Glossary.terms { Output.line("\(term.name): \(term.sentence)") }
    }
  }
}
