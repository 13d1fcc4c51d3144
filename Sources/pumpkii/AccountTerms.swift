internal import ArgumentParser
internal import PumpkiiClient
internal import PumpkiiWire

/// Shows the terms and the honest limits, and records what the person accepts.
struct AccountTerms: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "terms",
    abstract: "Show the terms and the honest limits, or accept them.",
    discussion: """
      Example: pumpkii account terms
               pumpkii account terms --accept --acknowledge-risk
      Nothing leaves a device before both. Both texts are shown whole (also: pumpkii policy text). What is recorded is the \
      hash of each, signed by this account; a new version is asked for anew. Take it back with: pumpkii account \
      permissions terms.accepted=deny
      """)

  @Flag(help: "Accept the terms, by exactly the text shown.")
  var accept = false

  @Flag(name: .customLong("acknowledge-risk"), help: "Acknowledge the honest limits, by exactly the text shown.")
  var acknowledgeRisk = false

  @OptionGroup var options: HomeOption

  @Flag(help: "Print JSON.")
  var json = false

  private struct Shown: Encodable {
    struct Text: Encodable {
      let kind: String
      let version: UInt64
      let sha256: String
      let text: String
      let accepted: Bool
    }
    let texts: [Text]
    let limits: String
    let policyVersion: UInt64
    enum CodingKeys: String, CodingKey {
      case texts, limits
      case policyVersion = "policy_version"
    }
  }

  func run() async throws {
    try await Program.run {
      let (accept, acknowledgeRisk, json) = (accept, acknowledgeRisk, json)
      try await options.withAccount(.policy) { account in
        // What is accepted is shown first, and also where no relay answers.
        if !json { Self.showTexts() }
        let texts = (accept ? [PolicyTexts.terms] : []) + (acknowledgeRisk ? [PolicyTexts.risk] : [])
        let policy = texts.isEmpty ? try await account.policy() : try await account.acceptTerms(texts)
        if json { return try Self.print(policy) }
        Self.show(policy)
      }
    }
  }

  /// The whole of both texts: what was not shown is not accepted.
  static func showTexts(_ show: (String) -> Void = Output.line) {
    show("Terms, version \(PolicyTexts.terms.version): the privacy policy")
    show("")
    show(Paragraphs.wrapped(PolicyTexts.termsText))
    show("")
    show("SHA-256 \(PolicyTexts.terms.sha256)")
    show("     as of: pumpkii policy text | sha256sum")
    show("")
    show("Limits")
    show("")
    show(Paragraphs.wrapped(PolicyTexts.limits))
    show("")
    show("SHA-256 \(PolicyTexts.risk.sha256)")
    show("     as of: pumpkii policy text --limits | sha256sum")
    show("")
  }

  private static func show(_ policy: AccountPolicy) {
    let (terms, risk) = (policy.accepts(PolicyTexts.terms), policy.accepts(PolicyTexts.risk))
    Output.line("Terms:  \(terms ? "accepted" : "not accepted; accept with --accept")")
    Output.line("Limits: \(risk ? "acknowledged" : "not acknowledged; acknowledge with --acknowledge-risk")")
    if !terms || !risk { Output.line("Nothing leaves a device before both.") }
  }

  private static func print(_ policy: AccountPolicy) throws {
    let contents = [(PolicyTexts.terms, PolicyTexts.termsText), (PolicyTexts.risk, PolicyTexts.limits)]
    let texts = contents.map { text, content in
      Shown.Text(
        kind: text.kind.rawValue, version: text.version, sha256: text.sha256, text: content,
        accepted: policy.accepts(text))
    }
    try JSONOutput.line(Shown(texts: texts, limits: PolicyTexts.limits, policyVersion: policy.version))
  }
}
