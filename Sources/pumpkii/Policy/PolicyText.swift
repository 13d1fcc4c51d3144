internal import ArgumentParser
internal import PumpkiiPolicy
internal import PumpkiiSystem

/// The text that people accept.
struct PolicyText: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "text",
    abstract: "Print the privacy policy, or with --limits the honest limits: the texts that terms and risk name.",
    discussion: """
      Example: pumpkii policy text | less
               pumpkii policy text | sha256sum    (the hash that is accepted)
      At a terminal its lines are broken; anywhere else it comes byte by byte.
      """)

  @ArgumentParser.Flag(help: "The honest limits instead.")
  var limits = false

  func run() async throws {
    try await Program.run {
      let text = limits ? Texts.risk : Texts.policy
      if StandardStream.output.isTerminal { Output.line(Paragraphs.wrapped(text)) } else { Output.text(text) }
    }
  }
}
