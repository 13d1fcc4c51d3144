internal import ArgumentParser
internal import FoundationEssentials
internal import PumpkiiAgent

/// The camera's own folder, for whoever sits at the board.
struct BoardOption: ParsableArguments {
  @Option(help: "On the camera itself: the agent's folder, whether its agent runs or not.")
  var board: String?

  /// The board that is named; nil where none is.
  var chosen: Board? {
    board.map { folder in
      let keys = ProcessInfo.processInfo.environment["PUMPKII_AGENT_KEYS"]
      let configuration: @Sendable () throws -> AgentConfiguration = {
        try AgentOptions.parse(["--home", folder]).configuration()
      }
      return Board(
        folder: folder, keysFolder: keys, ceiling: { try configuration().ceiling },
        trustsClock: { try configuration().trustsClock }, recording: { try configuration().record })
    }
  }

  /// The board that must be named.
  /// - Throws: `ValidationError` where none is.
  func required() throws -> Board {
    guard let chosen else {
      throw ValidationError("this works on the camera itself: name its agent's folder with --board")
    }
    return chosen
  }
}
