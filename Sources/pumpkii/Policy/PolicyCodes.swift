internal import ArgumentParser
internal import PumpkiiPolicy

/// What errors and states mean.
struct PolicyCodes: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "codes",
    abstract: "Print every error's code and every camera's state with its cause and what to do.",
    discussion: "One of them: pumpkii explain relay-unreachable")

  func run() async throws {
    try await Program.run {
      for code in Codes.all { Output.line("\(code.name): \(code.cause) \(code.remedy)") }
    }
  }
}
