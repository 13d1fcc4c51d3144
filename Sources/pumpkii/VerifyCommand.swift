internal import ArgumentParser
internal import PumpkiiClient

/// Proves a kept file.
struct VerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Open a kept file again and prove that nothing in it was altered.",
    discussion: """
      Example: pumpkii verify evening.pumpkii --output evening.mp4
      It works without a relay. Exit status 0: everything in it verifies; 65: something does not, or, with --strict, \
      something is missing.
      """)

  @Argument(help: "A file that `pumpkii watch --keep` wrote.")
  var file: String

  @Option(name: .shortAndLong, help: "Make a film of it, FILE.mp4. One that is there gives way to a genuine one only.")
  var output: String?

  @Flag(help: "Gaps and segments without their end are failures too.")
  var strict = false

  @OptionGroup var options: HomeOption

  @Flag(help: "Print JSON.")
  var json = false

  func run() async throws {
    try await Program.run {
      let command = self
      try await options.withAccount { account in try command.verify(account) }
    }
  }

  private func verify(_ account: Account) throws {
    let file = KeptFile(path: file)
    let report = try FilmOfFile.make(output, of: file) { try file.verify(with: account, onOpened: $0) }
    if json { try JSONOutput.line(report) } else { show(report) }
    guard report.isGenuine, report.isComplete || !strict else { throw ExitCode(ExitStatus.dataError.rawValue) }
  }

  private func show(_ report: VerificationReport) {
    Output.line("camera   \(report.device)")
    if let clip = report.clip { Output.line("clip     \(clip)") }
    let opened = report.opened.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    Output.line("opened   \(opened.isEmpty ? "nothing" : opened), \(report.bytes) bytes, \(report.epochs) epochs")
    Output.line("missing  \(report.missing) objects, \(report.missingSegments) segments")
    Output.line("cut      \(report.cut) segments without their end")
    if report.unused > 0 { Output.line("unused   \(report.unused) objects after a loss") }
    if report.notGiven > 0 { Output.line("sealed   \(report.notGiven) objects of kinds that were not given to you") }
    for (code, count) in report.refused.sorted(by: { $0.key < $1.key }) { Output.line("REFUSED  \(count) \(code)") }
    Output.line(report.isGenuine ? "Everything in it is as the camera signed it." : "Something in it is not genuine.")
  }
}
