internal import ArgumentParser
internal import PumpkiiAgent
internal import PumpkiiWire

/// Prints a ledger.
struct PermissionsLog: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "log",
    abstract: "Print on the board who allowed what, or with --decisions what the agent did.",
    discussion: """
      Example: pumpkii permissions log --home /var/lib/pumpkii --since 7d
               pumpkii permissions log --decisions --since 2026-01-31
      Works beside a running agent. Exit status 65 or 77 when the ledger does not verify; it is printed all the same.
      """)

  @Flag(help: "What the agent did: sensors opened and closed, accounts admitted and cut, denials.")
  var decisions = false

  @Option(help: "Only what is newer: 2h, 7d, 2026-01-31 or 2026-01-31T08:00:00Z.")
  var since: PastTime?

  @OptionGroup var options: LedgerOptions

  @Flag(help: "Print JSON, one object a line.")
  var json = false

  func run() async throws {
    try await Program.run {
      let reader = try AuditReader(options.paths)
      let log: AuditLog = decisions ? .decisions : .consent
      let entries = try reader.entries(log).filter { $0.time >= since?.microseconds ?? 0 }
      if entries.isEmpty, !json { Output.note("There is no entry.") }
      for entry in entries {
        let person = reader.person(in: entry)
        if json {
          try JSONOutput.line(AuditEntryFields(entry, person))
        } else {
          let sentence = AuditWords.sentence(entry.record, person: person)
          Output.line("\(entry.number)  \(PastTime.text(entry.time))  \(sentence)")
        }
      }
      _ = try reader.verify(log)
    }
  }
}
