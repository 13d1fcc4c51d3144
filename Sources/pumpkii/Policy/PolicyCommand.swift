internal import ArgumentParser

/// The privacy policy as data: what it says, what is kept, and what its words mean.
struct PolicyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "policy",
    abstract: "Read the privacy policy whole and clause by clause, the data inventory, the modes and the glossary.",
    subcommands: [
      PolicyText.self, PolicyClauses.self, PolicyData.self, PolicyModes.self, PolicyTerms.self, PolicyCodes.self,
    ])
}
