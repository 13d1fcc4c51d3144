internal import ArgumentParser
internal import PumpkiiDemo
internal import PumpkiiSimulation

/// Compares a guest's film with what the camera played.
struct SimulateCompare: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare a guest's film with its source, frame by frame, by the number burnt into each.",
    discussion: """
      Both films are decoded by something else than us, to .y4m:
        ffmpeg -i out/guest.mp4 -fps_mode passthrough -pix_fmt yuvj420p -strict -1 guest.y4m
      Example: pumpkii simulate compare --film guest.y4m --source source.y4m --ledger out/ledger.jsonl
      The status is 1 when a frame is missing, or half of the frames are less like their source than 35 dB.
      """)

  @Option(help: "The guest's film, decoded.")
  var film: String

  @Option(help: "What the camera played, decoded: with a number burnt into each frame.")
  var source: String

  @Option(help: "The run's ledger; may be repeated.")
  var ledger: [String]

  @Option(help: "The guest's id at the relay, where it served several viewers.")
  var viewer: String?

  func run() async throws {
    try await Program.run {
      var measurements = DemoAccounting.Measurements()
      measurements.viewer = viewer
      let accounting = DemoAccounting(try SimulationFiles.ledger(ledger), measurements)
      let film = try LumaFilm(try SimulationFiles.contents(film))
      let reader = PatternReader(width: film.width, height: film.height)
      let comparison = FilmComparison(
        film: film, source: try LumaFilm(try SimulationFiles.contents(source)), expected: accounting.openedFrames
      ) { reader.read($0)?.number }
      Output.line(comparison.text)
      for problem in comparison.problems { Output.note(problem) }
      if !comparison.problems.isEmpty { throw ExitCode(1) }
    }
  }
}
