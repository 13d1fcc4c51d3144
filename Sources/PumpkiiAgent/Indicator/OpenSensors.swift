package import PumpkiiCapture
package import PumpkiiSystem

/// The sensors that hold a session now: what fakes, files and children report, whose devices no descriptor of ours
/// shows.
package final class OpenSensors: Sendable {
  /// How many sessions each kind has.
  package let counts = Published<[SensorIdentity.Kind: Int]>([:])

  package init() {}

  /// Before a device is opened, so that the indicator is never later than the picture.
  package func raise(_ kind: SensorIdentity.Kind) { counts.update { $0[kind, default: 0] += 1 } }

  /// After a device is closed, or did not open.
  package func lower(_ kind: SensorIdentity.Kind) {
    counts.update { counts in
      let left = (counts[kind] ?? 0) - 1
      counts[kind] = left > 0 ? left : nil
    }
  }

  package var kinds: Set<SensorIdentity.Kind> { Set(counts.value.keys) }
}
