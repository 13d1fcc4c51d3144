internal import ArgumentParser
internal import PumpkiiAgent

/// Lets the relay have clips from before it might.
struct ClipsUpload: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "upload",
    abstract: "On the board: let clips go to the relay that began while record.cloud was denied.",
    discussion: """
      Example: pumpkii clips upload 3 4 --board /var/lib/pumpkii
      What was recorded while the relay might not have it stays on the camera. This lets it go, where record.cloud allows \
      it now; record.upload_earlier in agent.yaml does so for all clips.
      """)

  @Argument(help: "Numbers of clips.")
  var numbers: [UInt64] = []

  @Flag(help: "All clips of the camera.")
  var all = false

  @OptionGroup var board: BoardOption

  func validate() throws {
    guard numbers.isEmpty == all else { throw ValidationError("name clips, or --all, and not both") }
  }

  func run() async throws {
    try await Program.run {
      _ = try await board.required().ask(.upload(all ? nil : numbers))
      Output.line("They go to the relay as soon as record.cloud allows it.")
    }
  }
}
