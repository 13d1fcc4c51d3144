internal import ArgumentParser
internal import PumpkiiAgent
internal import PumpkiiChain
internal import PumpkiiWire

/// Proves both ledgers.
struct PermissionsVerify: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Prove on the board that no entry of its ledgers was altered or taken away.",
    discussion: """
      Example: pumpkii permissions verify --home /var/lib/pumpkii
      Every signature, the chain of hashes, and the head that is anchored beside the camera's key are checked. Works \
      beside a running agent. Exit status 0: all of it verifies; 65: something was altered; 77: something is missing.
      """)

  @OptionGroup var options: LedgerOptions

  @Flag(help: "Print JSON.")
  var json = false

  private struct Fields: Encodable {
    let verified = true
    let consent: UInt64
    let decisions: UInt64
    let head: [String: String]
  }

  func run() async throws {
    try await Program.run {
      let reader = try AuditReader(options.paths)
      let (consent, decisions) = (try reader.verify(.consent), try reader.verify(.decisions))
      if json {
        let heads = ["consent": consent.head.hash.hex, "decisions": decisions.head.hash.hex]
        return try JSONOutput.line(Fields(consent: consent.entries, decisions: decisions.entries, head: heads))
      }
      Output.line(
        "\(consent.entries) consents and \(decisions.entries) decisions verify: "
          + "every signature, the chain, and the head anchored beside the key.")
      for report in [consent, decisions] where report.tail > 0 {
        Output.note(
          "The \(report.log.name) ledger ends with a write that is under way or was cut; the next start heals it.")
      }
    }
  }
}
