internal import ArgumentParser
internal import PumpkiiClient
internal import PumpkiiWire

/// Ends an account's rights.
struct RevokeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "revoke",
    abstract: "End everything that was shared with an account, and wait until the camera confirms it.",
    discussion: """
      Example: pumpkii revoke 3f0c…(64 digits) --camera porch
      It is done when the camera has signed a key message that holds nothing for that account. Until then it is \
      pending (exit status 75), though the relay cuts at once. What was received cannot be taken back.
      """)

  @Argument(help: "The account's id.")
  var account: String

  @Option(help: "The camera's name or id. Default: the only one.")
  var camera: String?

  @OptionGroup var waiting: WaitOption
  @OptionGroup var options: HomeOption

  @Flag(help: "Print JSON.")
  var json = false

  func run() async throws {
    try await Program.run {
      let (target, camera, duration, json) = (account, camera, waiting.duration, json)
      try await options.withAccount(.revoke) { owner in
        let link = try await owner.camera(camera)
        let confirmation = try await link.revoke(target, waiting: duration)
        if json {
          try JSONOutput.line(ConfirmationFields(confirmation))
        } else if case .confirmed(let epoch, _) = confirmation {
          Output.line("Revoked: from epoch \(epoch) on nothing of \(link.name) opens for that account.")
        } else {
          Output.line("Pending: \(link.name) has not confirmed it yet. The relay no longer serves that account.")
        }
        if !confirmation.isConfirmed { throw ExitCode(ExitStatus.temporary.rawValue) }
      }
    }
  }
}
