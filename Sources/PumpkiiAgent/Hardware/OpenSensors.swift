package import PumpkiiCapture
internal import Synchronization

/// Which sensors are open in this process, by what opened and closed them.
package final class OpenSensors: Sendable {
  private let open = Mutex<Set<SensorIdentity.Kind>>([])

  package init() {}

  package func isOpen(_ kind: SensorIdentity.Kind) -> Bool { open.withLock { $0.contains(kind) } }

  package func opened(_ sensor: SensorIdentity) { open.withLock { _ = $0.insert(sensor.kind) } }

  package func closed(_ sensor: SensorIdentity) { open.withLock { _ = $0.remove(sensor.kind) } }
}
