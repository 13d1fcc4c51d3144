internal import ArgumentParser
internal import PumpkiiClient

/// A person's account on this machine.
struct AccountCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "account",
    abstract: "Make an account, show its id, accept the terms, set your own permissions.",
    subcommands: [
      AccountCreate.self, AccountShow.self, AccountTerms.self, AccountPermissions.self, AccountDisclose.self,
    ])
}

/// Makes an account.
struct AccountCreate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "create",
    abstract: "Make an account and announce it to its relay.",
    discussion: """
      Example: pumpkii account create --relay https://relay.example:8443 --pin 8d01…
      The paper key is printed once and kept nowhere: write it down. It brings the account back when every machine of \
      it is lost, and opens everything its cameras ever sealed.
      An account that never reached its relay takes another address or pin by the same command.
      """)

  @OptionGroup var options: HomeOption

  @Option(help: "The relay's address, https://host:port.")
  var relay: String

  @Option(help: "The relay's pin, as `pumpkii-relay init` printed it; without it the system's certificates decide.")
  var pin: String?

  @Flag(help: "Print JSON.")
  var json = false

  private struct Made: Encodable {
    let account: String
    let client: String
    let home: String
    let relay: String
    let announced: Bool
    let recovery: String?
  }

  func run() async throws {
    try await Program.run {
      let (home, relay, pin, json) = (options.account, relay, pin, json)
      try await Interrupt.run {
        if home.awaitsRelay {
          let again = try await home.readdress(relay: relay, pin: pin)
          await again.account.close()
          return try Self.show(again.account, again.problem, nil, home, json)
        }
        let made = try await home.create(relay: relay, pin: pin)
        await made.account.close()
        try Self.show(made.account, made.announcementProblem, made.recovery, home, json)
      }
    }
  }

  /// - Parameter recovery: nil for an account that was there: its paper key was shown when it was made.
  private static func show(
    _ account: Account, _ problem: ClientError?, _ recovery: RecoveryNote?, _ home: AccountHome, _ json: Bool
  ) throws {
    if let problem {
      Output.note("pumpkii: the relay does not know the account yet; it is told with its next use. \(problem)")
      Output.note("         Another address or pin: run this again with it.")
    }
    guard !json else {
      return try JSONOutput.line(
        Made(
          account: account.id, client: account.clientID, home: home.path, relay: account.relay,
          announced: problem == nil, recovery: recovery?.text))
    }
    Output.line("Account:   \(account.id)")
    Output.line("Folder:    \(home.path)")
    Output.line("Relay:     \(account.relay)")
    guard let recovery else { return Output.line("Paper key: as it was shown when the account was made.") }
    Output.line("Paper key: \(recovery.text)")
    Output.line("Write the paper key down now. It is shown this once and stored nowhere.")
  }
}

/// Shows an account.
struct AccountShow: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Print the account's id, which others share with.",
    discussion: "Example: pumpkii account show --json")

  @OptionGroup var options: HomeOption

  @Flag(help: "Print JSON.")
  var json = false

  private struct Shown: Encodable {
    let account: String
    let client: String
    let home: String
    let relay: String
    let pin: String?
  }

  func run() async throws {
    try await Program.run {
      let home = options.account
      let account = try home.open()
      if json {
        try JSONOutput.line(
          Shown(
            account: account.id, client: account.clientID, home: home.path, relay: account.relay, pin: account.pin))
      } else {
        Output.line(account.id)
      }
      await account.close()
    }
  }
}
