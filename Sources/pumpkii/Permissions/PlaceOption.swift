internal import ArgumentParser
internal import PumpkiiAgent
internal import PumpkiiClient

/// Where a permission is changed: on the board that is named, else at a camera, by its owner or a guest with control.
struct PlaceOption: ParsableArguments {
  @Option(help: "The camera's name or id. Default: the only one.")
  var camera: String?

  @OptionGroup var board: BoardOption
  @OptionGroup var waiting: WaitOption
  @OptionGroup var options: HomeOption

  /// Makes the change where it was asked for, and says what came of it.
  /// - Parameters:
  ///   - local: on the board; gives what to say.
  ///   - remote: at the camera; gives its answer, and what to say once it has confirmed.
  /// - Throws: what the two throw, and the exit status of something pending.
  func change(
    onBoard local: @Sendable (Board) async throws -> String,
    atCamera remote: @escaping @Sendable (CameraLink, Duration) async throws -> (Confirmation, String)
  ) async throws {
    if let board = board.chosen { return Output.line(try await local(board)) }
    let (camera, duration) = (camera, waiting.duration)
    try await options.withAccount { account in
      let link = try await account.camera(camera)
      let (answer, done) = try await remote(link, duration)
      try Answer.say(answer, done, link.name)
    }
  }
}
