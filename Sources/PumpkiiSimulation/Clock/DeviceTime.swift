internal import Synchronization

/// One origin of time for all sensors of a device, so that the picture's second and the sound's are the same.
///
/// It is set by the sensor that opens first and holds until the last one closes.
final class DeviceTime: Sendable {
  private struct State {
    var origin: UInt64 = 0
    var open = 0
  }

  private let state = Mutex(State())

  /// A sensor opens at `now`.
  /// - Returns: the origin.
  func join(at now: UInt64) -> UInt64 {
    state.withLock { state in
      if state.open == 0 { state.origin = now }
      state.open += 1
      return state.origin
    }
  }

  /// A sensor closes.
  func leave() { state.withLock { $0.open -= 1 } }
}
