internal import PumpkiiSystem

/// A GPIO input: its active value is thrown.
struct GPIOSwitch: SwitchLine {
  private let line: GPIOLine

  init(_ line: GPIOLine) { self.line = line }

  func isThrown() throws(SystemError) -> Bool { try line.isOn() }

  func next() throws(SystemError) -> Bool? { try line.nextEdge() ? line.isOn() : nil }

  func wake() { line.wake() }
}
