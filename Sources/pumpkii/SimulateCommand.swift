internal import ArgumentParser

/// Help for tests and demonstrations.
struct SimulateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract: "Tools for tests and demonstrations: check a run's ledger, make a film, compare one, plug in a webcam.",
    subcommands: [SimulateSummary.self, SimulateFilm.self, SimulateCompare.self, SimulateWebcam.self])
}
