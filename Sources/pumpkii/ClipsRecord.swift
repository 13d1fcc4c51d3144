internal import ArgumentParser
internal import PumpkiiAgent

/// Begins a clip by hand.
struct ClipsRecord: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "record",
    abstract: "On the board: record a clip now, where record.local allows it.",
    discussion: """
      Example: pumpkii clips record --board /var/lib/pumpkii
      It begins with the pre-roll and ends with the post-roll of agent.yaml's record section.
      """)

  @OptionGroup var board: BoardOption

  func run() async throws {
    try await Program.run {
      _ = try await board.required().ask(.record)
      Output.line("A clip is being recorded.")
    }
  }
}
