internal import ArgumentParser
internal import PumpkiiAgent

/// Begins a clip by hand.
struct ClipsRecord: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "record",
    abstract: "On the board: record a clip now, where record.local allows it.",
    discussion: """
      Example: pumpkii clips record --board /var/lib/pumpkii --seconds 30
      It begins with the pre-roll and ends after these seconds, or the post-roll of agent.yaml's record section; \
      motion that goes on longer keeps it open. Where record.mode is continuous everything is recorded anyway, and it says \
      into which clip.
      """)

  @Option(help: "How long it goes on from now. Default: record.post_roll_seconds.")
  var seconds: Int?

  @OptionGroup var board: BoardOption

  func run() async throws {
    try await Program.run {
      let wish = try await board.required().change(.record(seconds: seconds)).wish
      Output.line(wish?.words(seconds: seconds, instant: Instant.text) ?? "A clip is being recorded.")
    }
  }
}
