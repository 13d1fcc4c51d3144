internal import ArgumentParser
internal import PumpkiiAgent
internal import PumpkiiSystem

/// What stands in the way of a camera that works.
struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Look at cameras, rights, USB, clock, disk and relay, and say what to do.",
    discussion: """
      Example: pumpkii doctor --home /var/lib/pumpkii
      The status says the worst: 0 when all is well, 1 with a warning, 2 with a problem.
      """)

  @OptionGroup var options: AgentOptions

  @Flag(help: "Print JSON.")
  var json = false

  func run() async throws {
    try await Program.run {
      let doctor = Doctor(home: options.folder, relay: try options.knownRelay())
      // Cameras that do not answer hold their caller for seconds.
      let machine = await DeviceThread.run(named: "doctor") { doctor.examineMachine() }
      let findings = machine + (await doctor.examineRelay())
      for finding in findings where !json { Output.line(Self.text(finding)) }
      if json { Output.line("{\"findings\":[\(findings.map(Self.object).joined(separator: ","))]}") }
      switch findings.map(\.level).max() ?? .ok {
      case .ok: return
      case .warning: throw ExitCode(1)
      case .problem: throw ExitCode(2)
      }
    }
  }

  private static func text(_ finding: Finding) -> String {
    let level = finding.level.rawValue
    let line = level + String(repeating: " ", count: 9 - level.count) + finding.topic + ": " + finding.text
    return finding.advice.isEmpty ? line : line + "\n         " + finding.advice
  }

  private static func object(_ finding: Finding) -> String {
    let fields = [
      ("level", finding.level.rawValue), ("topic", finding.topic), ("text", finding.text), ("advice", finding.advice),
    ]
    return "{\(fields.map { "\"\($0)\":\(JSONText.quote($1))" }.joined(separator: ","))}"
  }
}
