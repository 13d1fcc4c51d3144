internal import ArgumentParser
internal import PumpkiiAgent
internal import PumpkiiClient
internal import PumpkiiPolicy

/// What a flag, a point, a clause or a word means.
struct ExplainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Explain a flag, a point, a clause, an error's code, a camera's state or a word.",
    discussion: """
      Examples: pumpkii explain sensor.microphone
                pumpkii explain sensor.microphone --camera porch
                pumpkii explain E3 --board /var/lib/pumpkii --at 2026-12-24T18:00:00Z
                pumpkii explain C13
                pumpkii explain vault-gap
                pumpkii explain pre-roll
      With --board a flag or a point is answered for that camera: allowed or not, by which layer and version, and when it
      changes. With --camera the same as far as the signed documents say; what the board itself denies is known there alone.
      All words: pumpkii policy terms; all codes: pumpkii policy codes
      """)

  @Argument(help: "A flag, a point (E1 to E13), a clause (C1 to C20), an error's code, or a word.")
  var words: [String]

  @Option(help: "For this camera, as its owner sees it.")
  var camera: String?

  @Option(help: "For this account: its id.")
  var account: String?

  @Option(help: "At this time, as 2026-12-24T18:00:00Z. Default: now.")
  var at: String?

  @OptionGroup var board: BoardOption
  @OptionGroup var options: HomeOption

  @ArgumentParser.Flag(help: "Print JSON (with --camera or --board).")
  var json = false

  func validate() throws {
    if let at, Instant.parse(at) == nil { throw ValidationError("\(at) is no time, as 2026-12-24T18:00:00Z") }
  }

  func run() async throws {
    try await Program.run {
      let asked = words.joined(separator: " ")
      guard let subject = Explanation.subject(asked) else {
        throw ValidationError(
          "\"\(asked)\" is no flag, point, clause, code or word of ours; see pumpkii policy terms, and policy codes")
      }
      switch subject {
      case .flag, .point: try await explainRule(subject)
      case .clause, .code, .terms: show(subject)
      }
    }
  }

  /// Flags and points: for one camera where one is named, else what they mean for everybody.
  private func explainRule(_ subject: Explanation.Subject) async throws {
    let (name, account, time, json) = (words.joined(separator: " "), account, at.flatMap(Instant.parse), json)
    if let board = board.chosen {
      guard case .explained(let list) = try await board.ask(.explain(subject: name, account: account, at: time)) else {
        return
      }
      return try Self.show(list, json)
    }
    guard let camera else { return show(subject) }
    try await options.withAccount { owner in
      let link = try await owner.camera(camera)
      let list = try await link.explain(name, for: account, at: time, zones: ZoneDirectory.rules(named:))
      try Self.show(list, json)
    }
  }

  private static func show(_ list: [ExplainedDecision], _ json: Bool) throws {
    if json { return try JSONOutput.line(list) }
    for line in DecisionPage.lines(list) { Output.line(line) }
  }

  private func show(_ subject: Explanation.Subject) {
    for line in Explanation.lines(subject) { Output.line(line) }
  }
}
