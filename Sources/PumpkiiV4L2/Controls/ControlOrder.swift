/// In which order controls are set: a manual exposure time has no effect until the automatic one is off.
package enum ControlOrder {
  /// Automatic modes first, each kind in the order of the driver's numbers, so that the same wish is always the same
  /// sequence.
  package static func sorted(_ controls: [ControlDescription]) -> [ControlDescription] {
    controls.sorted { (isMode($0) ? 0 : 1, $0.id) < (isMode($1) ? 0 : 1, $1.id) }
  }

  private static func isMode(_ control: ControlDescription) -> Bool {
    control.name.split(separator: "_").contains { ["auto", "automatic", "autogain", "autobrightness"].contains($0) }
      || control.name.contains("dynamic_framerate")
  }
}
