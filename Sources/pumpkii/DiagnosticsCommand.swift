internal import ArgumentParser
internal import FoundationEssentials
internal import PumpkiiClient
internal import PumpkiiTransport
internal import PumpkiiWire

/// What this program would report of itself.
struct DiagnosticsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diagnostics",
    abstract: "See what this program would report of itself, send it, or have it deleted.",
    discussion: """
      Everything is noted in the account's folder and stays there. What is allowed is sent by `send` alone; a camera's \
      agent sends its own once a day, if its owner allows it.
      """,
    subcommands: [DiagnosticsShow.self, DiagnosticsSend.self, DiagnosticsWithdraw.self])
}

/// Shows the report.
struct DiagnosticsShow: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show exactly what would be sent.",
    discussion: """
      Example: pumpkii diagnostics show
               pumpkii diagnostics show --agent /var/lib/pumpkii
      """)

  @Option(help: "A camera agent's folder: shows what is noted there, of which the owner's flags let kinds out.")
  var agent: String?

  @OptionGroup var options: HomeOption

  func run() async throws {
    try await Program.run {
      if let agent { return Self.showHeld(agent) }
      let account = try options.account.open()
      let preview = try account.diagnosticsPreview()
      await account.close()
      Output.note("allowed: \(preview.allowed.isEmpty ? "nothing" : preview.allowed.joined(separator: ", "))")
      if !preview.sent.isEmpty { Output.note("the relay holds: \(preview.sent.joined(separator: ", "))") }
      guard let report = preview.report else {
        Output.note("Nothing would be sent. Allow a kind: pumpkii account permissions diagnostics.errors=allow")
        return
      }
      Output.line(report)
    }
  }

  private static func showHeld(_ folder: String) {
    let log = DiagnosticsLog(path: "\(folder)/\(DiagnosticsLog.fileName)")
    let report = log.report(.current(ProcessInfo.processInfo.environment), of: Set(Diagnostics.Kind.allCases))
    if !log.sentKinds.isEmpty {
      Output.note("the relay holds: \(log.sentKinds.map(\.rawValue).sorted().joined(separator: ", "))")
    }
    Output.line(report.map { String(decoding: $0.json, as: UTF8.self) } ?? "{}")
  }
}

/// Sends the report.
struct DiagnosticsSend: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "send",
    abstract: "Send what is allowed, and show it.",
    discussion: "Example: pumpkii diagnostics send")

  @OptionGroup var options: HomeOption

  func run() async throws {
    try await Program.run {
      try await options.withAccount { account in
        guard let report = try await account.sendDiagnostics() else {
          return Output.note("Nothing was sent: nothing is allowed, or nothing is there.")
        }
        Output.line(report)
      }
    }
  }
}

/// Has the reports deleted.
struct DiagnosticsWithdraw: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "withdraw",
    abstract: "Have the relay delete everything that this program reported.",
    discussion: "Example: pumpkii diagnostics withdraw")

  @OptionGroup var options: HomeOption

  func run() async throws {
    try await Program.run {
      try await options.withAccount { account in
        try await account.withdrawDiagnostics()
        Output.line("The relay holds no report of this program any more.")
      }
    }
  }
}
