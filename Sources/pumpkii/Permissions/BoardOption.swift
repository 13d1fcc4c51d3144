internal import ArgumentParser
internal import PumpkiiAgent

/// The camera's own folder, for whoever sits at the board.
struct BoardOption: ParsableArguments {
  @Option(help: "On the camera itself: the agent's folder, whether its agent runs or not.")
  var board: String?

  /// The board that is named; nil where none is.
  var chosen: Board? {
    board.map { folder in
      Board(folder: folder) {
        try AgentOptions.parse(["--home=\(folder)"]).configuration().ceiling
      }
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
