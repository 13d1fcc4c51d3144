internal import ArgumentParser
internal import PumpkiiClient
internal import PumpkiiWire

/// The account's own flags.
struct AccountPermissions: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "permissions",
    abstract: "Show or set what you allow for yourself: notices, diagnostics, disclosure.",
    discussion: """
      Example: pumpkii account permissions
               pumpkii account permissions notify.system=allow diagnostics.errors=deny
      They hold for all of the account's programs, and at every camera that names the account. Terms and risk are \
      accepted with: pumpkii account terms. A camera's flags are set with: pumpkii permissions set
      """)

  @Argument(help: "flag=allow or flag=deny, one or several; none shows them.")
  var changes: [String] = []

  @OptionGroup var options: HomeOption

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws { if OptionNames.areKnown(to: Self.self) { _ = try parsed() } }

  private func parsed() throws -> [String: Bool] {
    var flags: [String: Bool] = [:]
    for change in changes {
      let parts = change.split(separator: "=", omittingEmptySubsequences: false)
      guard parts.count == 2, let value = ["allow": true, "deny": false][String(parts[1])] else {
        throw ValidationError("\(change) is not FLAG=allow or FLAG=deny")
      }
      guard Account.policyFlags.contains(String(parts[0])) else {
        throw FlagChanges.unknown(String(parts[0]), among: Account.policyFlags, "flag of an account")
      }
      guard flags.updateValue(value, forKey: String(parts[0])) == nil else {
        throw ValidationError("\(parts[0]) is named twice")
      }
    }
    return flags
  }

  func run() async throws {
    try await Program.run {
      let (changes, json) = (try parsed(), json)
      try await options.withAccount(.policy) { account in
        let policy = changes.isEmpty ? try await account.policy() : try await account.setPolicy(changes)
        if json { return try JSONOutput.line(policy) }
        Output.line("version \(policy.version)\(policy.version == 0 ? " (nothing was ever allowed)" : "")")
        for flag in Account.policyFlags { Output.line("\(policy.allows(flag) ? "allow" : "deny ")  \(flag)") }
      }
    }
  }
}
