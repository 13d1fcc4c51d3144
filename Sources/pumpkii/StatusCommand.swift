internal import ArgumentParser
internal import PumpkiiAgent
internal import PumpkiiSystem

/// The agent's state in the terminal.
struct StatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "On the board: what is open, what is allowed, who may see what, what was denied.",
    discussion: """
      Example: pumpkii status --board /var/lib/pumpkii --follow
      Without --follow it also works while the agent does not run.
      """)

  @OptionGroup var board: BoardOption

  @Flag(help: "Show it anew each second until Ctrl-C.")
  var follow = false

  @Flag(help: "Print JSON, one object a line.")
  var json = false

  func run() async throws {
    try await Program.run {
      let (board, follow, json) = (try board.required(), follow, json)
      try await Interrupt.run {
        repeat {
          guard case .status(let status) = try await board.ask(.status) else { return }
          if json {
            try JSONOutput.line(status)
          } else {
            // At a terminal a page in place of the last one, elsewhere one after the other.
            let isOver = follow && StandardStream.output.isTerminal
            Output.text((isOver ? "\u{1B}[H\u{1B}[2J" : "") + StatusPage.text(status) + (follow && !isOver ? "\n" : ""))
          }
          if follow { try await Task.sleep(for: .seconds(1)) }
        } while follow
      }
    }
  }
}
