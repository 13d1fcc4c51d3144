package import PumpkiiCapture
package import PumpkiiPolicy
internal import PumpkiiSystem

/// The only way to an open sensor. It is taken from the gate, it cannot be copied, and when it ends the descriptor is
/// closed, not muted: a denied microphone is never opened.
package struct SensorLease<Session: Sendable>: ~Copyable {
  /// Why there is no lease.
  package enum Refusal: Error {
    case denied(Decision)
    case failed(CaptureError)

    /// The device's own; nil where policy refused it.
    var failure: CaptureError? { if case .failed(let error) = self { error } else { nil } }
  }

  private let session: Session
  private let base: any SensorSession
  private let open: OpenSensors
  private let kind: SensorIdentity.Kind

  /// Asks the gate (E1), and opens the device only when it allows.
  /// - Throws: ``Refusal``.
  init(
    gate: Gate, sensor: Flag, open: OpenSensors, base: (Session) -> any SensorSession,
    opening: () throws(CaptureError) -> Session
  ) throws(Refusal) {
    if let denial = gate.denial(.openSensor, sensor) { throw .denied(denial) }
    let kind: SensorIdentity.Kind = sensor == .sensorCamera ? .camera : .microphone
    let opened: Session
    open.raise(kind)
    do throws(CaptureError) {
      opened = try opening()
    } catch {
      open.lower(kind)
      throw .failed(error)
    }
    session = opened
    self.base = base(opened)
    self.open = open
    self.kind = kind
  }

  /// The open device, for as long as the lease lasts.
  /// - Throws: what `body` throws.
  package borrowing func withSession<Result, Failure: Error>(_ body: (Session) throws(Failure) -> Result)
    throws(Failure) -> Result
  {
    try body(session)
  }

  /// Closes the device.
  /// - Returns: units it made since it was opened, by its own numbers, and what became of them before us.
  package consuming func end() -> (made: UInt64, counters: CaptureCounters) {
    let made = base.close()
    return (made, base.counters)
  }

  // However the lease goes, the device does not stay open; closing twice does nothing.
  deinit {
    base.close()
    open.lower(kind)
  }
}
