internal import ArgumentParser
internal import PumpkiiAgent
internal import PumpkiiClient
internal import PumpkiiPolicy

/// Set the flags of a mode: off, detect, stream or record.
struct PermissionsMode: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mode",
    abstract: "Set the flags of a mode: off, detect, stream or record.",
    discussion: """
      Example: pumpkii permissions mode stream
      A mode only sets flags (pumpkii policy modes prints which); the flags decide, and may be set one by one after.
      """)

  @Argument(help: "off, detect, stream or record.")
  var mode: Mode

  @Option(help: "The camera's name or id. Default: the only one.")
  var camera: String?

  @OptionGroup var board: BoardOption
  @OptionGroup var waiting: WaitOption
  @OptionGroup var options: HomeOption

  func run() async throws {
    try await Program.run {
      let (mode, camera, duration) = (mode, camera, waiting.duration)
      let changes = Dictionary(uniqueKeysWithValues: mode.settings.map { ($0.key.rawValue, $0.value) })
      if let board = board.chosen {
        _ = try await board.ask(.set(changes))
        guard let reservation = LocalBoard.reservation(changes) else { return Output.line(mode.summary) }
        Output.line("The flags of mode \(mode.rawValue) are set.")
        return Output.line(reservation)
      }
      try await options.withAccount { account in
        let link = try await account.camera(camera)
        try await CloudConsent.require(for: changes, of: account)
        try Answer.say(try await link.setPermissions(changes, waiting: duration).confirmation, mode.summary, link.name)
      }
    }
  }
}

extension Mode: ExpressibleByArgument {}
