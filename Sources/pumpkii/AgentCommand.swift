internal import ArgumentParser

/// The camera's side.
struct AgentCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "agent",
    abstract: "Run on the camera: pair it with its owner, then stream under the owner's flags.",
    subcommands: [AgentPair.self, AgentRun.self])
}
