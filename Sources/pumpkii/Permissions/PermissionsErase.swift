internal import ArgumentParser
internal import PumpkiiAgent

/// Destroys the key under which the ledgers name an account.
struct PermissionsErase: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "erase",
    abstract: "On the board: make its ledgers name an account no more.",
    discussion: """
      Example: pumpkii permissions erase 5b1f09aa --board /var/lib/pumpkii
      The account is named as `pumpkii permissions log` does, or in full. Its key is destroyed at once and for good: \
      entries about it stay and verify, and nobody can tell whom they are about. The ledger notes that an account was \
      erased, not which. What the account may see is not touched: pumpkii revoke does that.
      """)

  @Argument(help: "The account, 8 hexadecimal digits at least.")
  var account: String

  @OptionGroup var board: BoardOption

  func run() async throws {
    try await Program.run {
      _ = try await board.required().change(.erase(account))
      Output.line("Erased: nobody can tell any more whom entries about it mean; they verify as before.")
    }
  }
}
