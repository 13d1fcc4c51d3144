internal import ArgumentParser
internal import FoundationEssentials
internal import PumpkiiClient
internal import PumpkiiWire

/// Where a command finds its account. The flag wins over `PUMPKII_HOME`, that over the XDG folder.
struct HomeOption: ParsableArguments {
  @Option(help: "The account's folder. Default $PUMPKII_HOME, $XDG_DATA_HOME/pumpkii or ~/.local/share/pumpkii.")
  var home: String?

  var account: AccountHome {
    let environment = ProcessInfo.processInfo.environment
    if let path = home ?? environment["PUMPKII_HOME"], !path.isEmpty { return AccountHome(path: path) }
    return AccountHome.standard(environment: environment)
  }

  /// Opens the account for `body` and ends its connection then; Ctrl-C cancels `body`.
  /// - Parameter operation: what is noted for diagnostics, in the account's folder.
  /// - Throws: what `body` throws.
  func withAccount(
    _ operation: Diagnostics.Operation? = nil, _ body: @escaping @Sendable (Account) async throws -> Void
  ) async throws {
    let account = try account.open()
    try await Interrupt.run {
      if let operation { account.note(operation) }
      do {
        try await body(account)
      } catch {
        if let error = error as? ClientError { account.note(error) }
        account.saveDiagnostics()
        await account.close()
        throw error
      }
      account.saveDiagnostics()
      await account.close()
    }
  }
}

/// How long a command waits for a camera's answer.
struct WaitOption: ParsableArguments {
  @Option(help: ArgumentHelp("Seconds to wait for the camera's answer; then it is pending.", valueName: "seconds"))
  var wait: Double = 20

  var duration: Duration { .milliseconds(Int64(max(0, min(wait, 86_400)) * 1000)) }
}
