internal import ArgumentParser
internal import PumpkiiAgent
internal import PumpkiiClient

/// Deny everything until resumed.
struct PermissionsPause: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pause",
    abstract: "Deny everything until resumed.",
    discussion: """
      Example: pumpkii permissions pause
               pumpkii permissions pause --board /var/lib/pumpkii
      Nothing is forgotten: permissions resume restores exactly what was. It survives a restart. A pause made on the board ends
      on the board.
      """)

  @Option(help: "The camera's name or id. Default: the only one.")
  var camera: String?

  @OptionGroup var board: BoardOption
  @OptionGroup var waiting: WaitOption
  @OptionGroup var options: HomeOption

  func run() async throws {
    try await Program.run {
      let (camera, duration) = (camera, waiting.duration)
      if let board = board.chosen {
        _ = try await board.ask(.pause)
        return Output.line("This board is paused: everything is denied.")
      }
      try await options.withAccount { account in
        let link = try await account.camera(camera)
        try Answer.say(
          try await link.pause(waiting: duration), "\(link.name) is paused: everything is denied.", link.name)
      }
    }
  }
}
