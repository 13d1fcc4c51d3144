internal import ArgumentParser
internal import PumpkiiAgent
internal import PumpkiiClient

/// End a pause: what was allowed is allowed again.
struct PermissionsResume: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "End a pause: what was allowed is allowed again.",
    discussion: """
      Example: pumpkii permissions resume
               pumpkii permissions resume --board /var/lib/pumpkii
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
        return Output.line(try await board.change(.resume).resumed)
      }
      try await options.withAccount { account in
        let link = try await account.camera(camera)
        try Answer.say(try await link.resume(waiting: duration), "\(link.name) goes by its flags again.", link.name)
      }
    }
  }
}
