package import PumpkiiSystem

/// An open switch, read from one thread.
package protocol SwitchLine: Sendable {
  /// Whether it is thrown now.
  /// - Throws: ``SystemError``.
  func isThrown() throws(SystemError) -> Bool
  /// Waits for its next change.
  /// - Returns: whether it is thrown then; nil after ``wake()``.
  /// - Throws: ``SystemError``, also when the device is gone.
  func next() throws(SystemError) -> Bool?
  /// Ends ``next()``, from any thread.
  func wake()
}

/// Where the kill switch is.
package enum KillSwitchPlace: Sendable, Equatable {
  /// A key or switch of an input device, best by a path under `/dev/input/by-id`. A key counts while it is held, so a
  /// switch that latches.
  case evdev(path: String, InputEvents.Code)
  case gpio(GPIOPlace)

  /// For logs.
  package var name: String {
    switch self {
    case .evdev(let path, let code): "\(path) \(code.isSwitch ? "switch" : "key") \(code.number)"
    case .gpio(let place): "\(place)"
    }
  }

  /// Opens it.
  /// - Throws: ``SystemError``.
  package func open() throws(SystemError) -> any SwitchLine {
    switch self {
    case .evdev(let path, let code): EvdevSwitch(InputEvents(try DescriptorWait(opening: path), code))
    case .gpio(let place): GPIOSwitch(try GPIOLine(place, isOutput: false))
    }
  }
}
