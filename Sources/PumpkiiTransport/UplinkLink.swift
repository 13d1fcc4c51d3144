internal import PumpkiiSystem
internal import Synchronization

/// What an uplink's event loop tells the tasks that wait for it: that the relay has answered, what it has taken where
/// no cargo hears it, and how it ended.
final class UplinkLink: Sendable {
  /// Acknowledgements that nobody collected; beyond them the oldest goes.
  private static let capacity = 4096

  private enum Phase {
    case opening
    case open
    case ended(TransportError?)
  }

  private let phase = Published(Phase.opening)
  private let taken = Mailbox<Uplink.Acknowledgement>(capacity: capacity)

  func opened() {
    phase.update { phase in
      if case .opening = phase { phase = .open }
    }
  }

  func acknowledged(_ kid: UInt64, _ index: UInt32) { taken.put((kid, index)) }

  /// The first end counts.
  func ended(_ error: TransportError?) {
    phase.update { phase in
      if case .ended = phase { return }
      phase = .ended(error)
    }
    taken.finish()
  }

  /// Why nothing can be sent any more; nil while it can.
  var end: TransportError? {
    guard case .ended(let error) = phase.value else { return nil }
    return error ?? TransportError(.closed, "the relay ended the uplink")
  }

  /// Waits until the relay has answered.
  /// - Throws: ``TransportError``: why there is no uplink.
  func waitUntilOpen() async throws(TransportError) {
    let isSettled = await phase.wait { if case .opening = $0 { false } else { true } }
    guard isSettled else { throw TransportError(.cancelled, "cancelled") }
    if let end { throw end }
  }

  /// The next acknowledgement; nil when the relay ended the uplink as it should.
  /// - Throws: ``TransportError``.
  func next() async throws(TransportError) -> Uplink.Acknowledgement? {
    if let item = await taken.next() { return item }
    switch phase.value {
    case .ended(let error?): throw error
    case .ended(nil): return nil
    case .opening, .open: throw TransportError(.cancelled, "cancelled")
    }
  }
}
