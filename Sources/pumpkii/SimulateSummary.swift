internal import ArgumentParser
internal import PumpkiiDemo
internal import PumpkiiSystem

/// Counts a run's units.
struct SimulateSummary: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "summary",
    abstract: "Count every unit of a run from its ledgers, and check that none vanished.",
    discussion: """
      Example: pumpkii simulate summary --ledger out/ledger.jsonl --json out/summary.json
      The JSON is described in docs/demo.md. The status is 1 when a law of conservation is broken, and says which.
      """)

  @Option(help: "A ledger of agent, relay or viewer, or several in one file; may be repeated.")
  var ledger: [String]

  @Option(help: "Write the summary as JSON to this file.")
  var json: String?

  @Option(help: "The guest's id at the relay, where it served several viewers.")
  var viewer: String?

  @Option(name: .customLong("relay-cpu"), help: "The relay's CPU time, in seconds.")
  var relayCPU: Double?

  @Option(name: .customLong("relay-rss"), help: "The relay's peak resident memory, in KiB.")
  var relayRSS: Double?

  @Option(name: .customLong("plaintext-hits"), help: "Traces of plaintext found in what the relay stored and logged.")
  var plaintextHits: Int?

  @Option(help: "Where the guest's film is.")
  var video: String?

  @Option(help: "Where the photo is.")
  var photo: String?

  func run() async throws {
    try await Program.run {
      let accounting = DemoAccounting(try SimulationFiles.ledger(ledger), measurements)
      if let json { try DurableFile.write(try accounting.summary.json(), to: json) }
      Output.line(accounting.summary.text)
      for law in accounting.broken { Output.note("broken law: \(law)") }
      if !accounting.broken.isEmpty { throw ExitCode(1) }
    }
  }

  private var measurements: DemoAccounting.Measurements {
    var measurements = DemoAccounting.Measurements()
    measurements.relayCPUSeconds = relayCPU
    measurements.relayPeakKiB = relayRSS
    measurements.plaintextHits = plaintextHits
    measurements.video = video
    measurements.photo = photo
    measurements.viewer = viewer
    return measurements
  }
}

/// The files that the tools for demonstrations read.
enum SimulationFiles {
  /// All of a run's ledgers as one.
  /// - Throws: ``ValidationError`` for a file that is not there, ``Ledger/Malformed`` for one that is no ledger.
  static func ledger(_ paths: [String]) throws -> Ledger {
    try paths.reduce(into: Ledger()) { all, path in all.append(try Ledger(parsing: try contents(path))) }
  }

  /// A film of ours is small enough to hold: seconds, not hours.
  /// - Throws: ``ValidationError`` when there is no such file.
  static func contents(_ path: String) throws -> [UInt8] {
    guard let bytes = try DurableFile.read(path, limit: 4 << 30) else { throw ValidationError("\(path) is not there") }
    return bytes
  }
}
