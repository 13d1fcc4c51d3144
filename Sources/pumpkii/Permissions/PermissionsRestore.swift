internal import ArgumentParser
internal import PumpkiiAgent

/// Takes a denial made on the board back.
struct PermissionsRestore: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "On the board: take back a denial made there.",
    discussion: """
      Example: pumpkii permissions restore sensor.microphone --board /var/lib/pumpkii
      The owner's signed policy decides again; nothing is allowed that it does not allow.
      """)

  @Argument(help: "The flag, as sensor.microphone.")
  var flag: String

  @OptionGroup var board: BoardOption

  func validate() throws { _ = try FlagChanges.flag(flag) }

  func run() async throws {
    try await Program.run {
      Output.line(try await board.required().change(.restore(flag)).restored(flag))
    }
  }
}
