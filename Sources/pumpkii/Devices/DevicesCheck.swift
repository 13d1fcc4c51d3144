internal import ArgumentParser
internal import PumpkiiSimulation

/// What is wrong with a device profile, line by line.
struct DevicesCheck: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Say by line and key what is wrong with a device profile.",
    discussion: "Example: pumpkii devices check devices/mine.yaml")

  @Argument(help: "The profile.")
  var file: String

  func run() async throws {
    try await Program.run {
      let problems = DeviceProfile.problems(path: file)
      for problem in problems { Output.line(problem) }
      guard problems.isEmpty else { throw ExitCode(ExitStatus.configuration.rawValue) }
      Output.line("\(file): no problem found")
    }
  }
}
