internal import ArgumentParser
internal import PumpkiiAgent
internal import PumpkiiClient

/// Deny a flag at once.
struct PermissionsNarrow: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "narrow",
    abstract: "Deny a flag at once.",
    discussion: """
      Example: pumpkii permissions narrow sensor.microphone
               pumpkii permissions narrow sensor.microphone --board /var/lib/pumpkii
      Owners may, and guests who were given control. On the board anybody may who has the right to its folder, with a relay or
      without; what was denied there is undone there (permissions restore).
      """)

  @Argument(help: "The flag, as sensor.microphone.")
  var flag: String

  func validate() throws { if OptionNames.areKnown(to: Self.self) { _ = try FlagChanges.flag(flag) } }

  @Option(help: "The camera's name or id. Default: the only one.")
  var camera: String?

  @OptionGroup var board: BoardOption
  @OptionGroup var waiting: WaitOption
  @OptionGroup var options: HomeOption

  func run() async throws {
    try await Program.run {
      let (flag, camera, duration) = (flag, camera, waiting.duration)
      if let board = board.chosen {
        _ = try await board.ask(.narrow(flag))
        return Output.line("\(flag) is denied on this board from now on.")
      }
      try await options.withAccount { account in
        let link = try await account.camera(camera)
        try Answer.say(try await link.narrow(flag, waiting: duration), "\(link.name) denies \(flag) now.", link.name)
      }
    }
  }
}
