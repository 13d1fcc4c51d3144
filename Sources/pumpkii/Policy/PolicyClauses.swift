internal import ArgumentParser
internal import PumpkiiPolicy

/// Each sentence of the policy, with how it is kept.
struct PolicyClauses: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clauses",
    abstract: "Print each sentence of the policy with its flags, duties, points and tests.",
    discussion: "Example: pumpkii policy clauses --markdown > docs/policy.md")

  @ArgumentParser.Flag(help: "Print JSON.")
  var json = false

  @ArgumentParser.Flag(help: "Print the page docs/policy.md.")
  var markdown = false

  func validate() throws {
    if json, markdown { throw ValidationError("Give one of --json and --markdown.") }
  }

  func run() async throws {
    try await Program.run {
      if json { return try JSONOutput.line(Clauses.all.map(ClauseFields.init)) }
      if markdown { return Output.text(PolicyPages.policy) }
      for clause in Clauses.all {
        for line in Explanation.lines(.clause(clause)) + [""] { Output.line(line) }
      }
    }
  }
}

/// What a clause looks like in JSON.
private struct ClauseFields: Encodable {
  let id: String
  let summary: String
  let quotes: [String]
  let flags: [String]
  let duty: String?
  let points: [String]
  let place: String?
  let tests: [String]
  let relayPending: String?

  init(_ clause: Clause) {
    id = clause.id
    summary = clause.summary
    quotes = clause.quotes
    flags = clause.flags.map(\.rawValue)
    duty = clause.duty
    points = clause.points.map(\.rawValue)
    place = clause.place
    tests = clause.tests
    relayPending = clause.relayPending
  }

  enum CodingKeys: String, CodingKey {
    case id, summary, quotes, flags, duty, points, place, tests
    case relayPending = "relay_pending"
  }
}
