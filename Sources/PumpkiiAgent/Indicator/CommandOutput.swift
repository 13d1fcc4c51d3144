package import PumpkiiSystem

/// A program of whoever runs the board, run with `on` or `off`. Named in the local configuration file and nowhere else.
package struct CommandOutput: IndicatorOutput {
  private let command: BoundedCommand

  package init(_ command: BoundedCommand) { self.command = command }

  package var name: String { "command \(command.program)" }

  /// - Throws: ``SystemError``: it did not start, did not end, or did not end well.
  package func show(_ isOn: Bool) throws(SystemError) { try command.run(isOn ? "on" : "off") }
}
