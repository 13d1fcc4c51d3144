internal import PumpkiiCapture
internal import Synchronization

/// Whether a device is plugged in. Its sensors share one cable.
final class DevicePlug: Sendable {
  private struct State {
    /// Counts pulls: a session that began before a pull never comes back.
    var pulls: UInt64 = 0
    /// Nil while plugged in.
    var backAt: UInt64?
    var signals: [ObjectIdentifier: WakeSignal] = [:]
  }

  private let state = Mutex(State())

  /// A session begins.
  /// - Returns: the number that ``isOut(since:)`` wants to see again.
  /// - Throws: ``CaptureError`` `gone`.
  func begin(_ signal: WakeSignal, at now: UInt64, name: String) throws(CaptureError) -> UInt64 {
    let pulls = state.withLock { state -> UInt64? in
      if let back = state.backAt, back > now { return nil }
      state.backAt = nil
      state.signals[ObjectIdentifier(signal)] = signal
      return state.pulls
    }
    guard let pulls else { throw Self.gone(name) }
    return pulls
  }

  func end(_ signal: WakeSignal) {
    state.withLock { _ = $0.signals.removeValue(forKey: ObjectIdentifier(signal)) }
  }

  func isOut(since pulls: UInt64) -> Bool { state.withLock { $0.pulls != pulls } }

  /// Out until `backAt`; for ever with `UInt64.max`.
  func pull(until backAt: UInt64) {
    let signals = state.withLock { state in
      state.pulls += 1
      state.backAt = backAt
      return Array(state.signals.values)
    }
    for signal in signals { signal.raise() }
  }

  func putBack() { state.withLock { $0.backAt = nil } }

  static func gone(_ name: String) -> CaptureError {
    CaptureError(.gone, "\(name) is unplugged", advice: "Plug it in again; it is opened when it is back.")
  }
}
