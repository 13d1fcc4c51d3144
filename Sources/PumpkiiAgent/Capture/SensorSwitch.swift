package import PumpkiiCapture
internal import Synchronization

/// Tells a sensor's thread to stop, and wakes it out of its wait so that it does so at once.
package final class SensorSwitch: Sendable {
  private struct State {
    var isOn = false
    var isRetired = false
    var session: (any SensorSession)?
  }

  private let state = Mutex(State())

  package init() {}

  /// The sensor should be open.
  package var isOn: Bool { state.withLock { $0.isOn } }

  /// It will not open any more: the agent ends.
  package var isRetired: Bool { state.withLock { $0.isRetired } }

  /// Set by the attendant; turning off interrupts a waiting session.
  package func set(_ isOn: Bool) {
    let session = state.withLock { state in
      state.isOn = isOn && !state.isRetired
      return state.isOn ? nil : state.session
    }
    session?.interrupt()
  }

  /// Off for good: the agent ends.
  package func retire() {
    state.withLock { $0.isRetired = true }
    set(false)
  }

  /// Called by the sensor's thread when it has opened, and with nil when it has closed.
  package func attach(_ session: (any SensorSession)?) {
    let interrupted = state.withLock { state in
      state.session = session
      return !state.isOn
    }
    if interrupted { session?.interrupt() }
  }
}
