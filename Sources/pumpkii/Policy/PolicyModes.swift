internal import ArgumentParser
internal import PumpkiiPolicy

/// The presets, and what each sets.
struct PolicyModes: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "modes",
    abstract: "Print what each mode sets: off, detect, stream and record.",
    discussion: "A mode only ever sets flags. None turns the microphone on; what a mode leaves is shown as -.")

  func run() async throws {
    try await Program.run {
      Output.line(Self.row("", Mode.allCases.map(\.rawValue)))
      for flag in Mode.governed {
        let cells = Mode.allCases.map { mode in mode.settings[flag].map { $0 ? "allow" : "deny" } ?? "-" }
        Output.line(Self.row(flag.rawValue, cells))
      }
      Output.line("")
      for mode in Mode.allCases { Output.line(mode.summary) }
    }
  }

  private static func row(_ name: String, _ cells: [String]) -> String {
    let line = ([padded(name, 18)] + cells.map { padded($0, 8) }).joined()
    return String(line.reversed().drop { $0 == " " }.reversed())
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }
}
