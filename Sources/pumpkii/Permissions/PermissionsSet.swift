internal import ArgumentParser
internal import PumpkiiAgent
internal import PumpkiiClient

/// Sets flags.
struct PermissionsSet: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "set",
    abstract: "Set flags; those not named stay as they are.",
    discussion: """
      Example: pumpkii permissions set --camera porch sensor.microphone=deny
               pumpkii permissions set sensor.camera=allow share.video=allow
               pumpkii permissions set --board /var/lib/pumpkii sensor.camera=allow record.local=allow
      A camera that was not reached goes by the old flags until it is: pending (exit status 75).
      """)

  @Argument(help: "flag=allow or flag=deny, one or several.")
  var changes: [String]

  @Option(help: "The camera's name or id. Default: the only one.")
  var camera: String?

  @OptionGroup var board: BoardOption
  @OptionGroup var waiting: WaitOption
  @OptionGroup var options: HomeOption

  @Flag(help: "Print JSON.")
  var json = false

  private struct Changed: Encodable {
    let permissions: Permissions
    let answer: ConfirmationFields
    func encode(to encoder: any Encoder) throws {
      try permissions.encode(to: encoder)
      try answer.encode(to: encoder)
    }
  }

  func validate() throws { if OptionNames.areKnown(to: Self.self) { _ = try FlagChanges(changes) } }

  func run() async throws {
    try await Program.run {
      let (changes, camera, duration, json) = (try FlagChanges(changes).flags, camera, waiting.duration, json)
      if let board = board.chosen {
        for line in try await board.change(.set(changes)).set { Output.line(line) }
        return
      }
      try await options.withAccount { account in
        let link = try await account.camera(camera)
        try await CloudConsent.require(for: changes, of: account)
        let (permissions, confirmation) = try await link.setPermissions(changes, waiting: duration)
        if json {
          try JSONOutput.line(Changed(permissions: permissions, answer: ConfirmationFields(confirmation)))
        } else if confirmation.isConfirmed {
          Output.line("\(link.name) goes by version \(permissions.version) now.")
        } else {
          Output.line("Pending: \(link.name) has not answered yet; it goes by the old flags until it does.")
        }
        if !confirmation.isConfirmed { throw ExitCode(ExitStatus.temporary.rawValue) }
      }
    }
  }
}
