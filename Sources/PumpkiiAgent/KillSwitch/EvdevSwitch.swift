package import PumpkiiSystem

/// A key or switch of an input device: on is thrown.
package struct EvdevSwitch: SwitchLine {
  private let events: InputEvents

  package init(_ events: InputEvents) { self.events = events }

  /// - Throws: ``SystemError``.
  package func isThrown() throws(SystemError) -> Bool { try events.isOn() }

  /// - Throws: ``SystemError``.
  package func next() throws(SystemError) -> Bool? { try events.next() }

  package func wake() { events.wake() }
}
