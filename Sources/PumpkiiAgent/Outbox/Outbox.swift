package import PumpkiiSystem
internal import PumpkiiTransport
package import PumpkiiVault
package import PumpkiiWire
internal import Synchronization

/// The shell around ``OutboxMachine``: sensor threads offer, the uplink takes on its own thread. It accepts what the
/// vault made and nothing else, by type: there is no way to put plain bytes in.
package final class Outbox: UplinkCargo, Sendable {
  /// What the connection is and wants.
  package struct Signals: Sendable, Equatable {
    /// Counts connections; 0 before the first.
    package var connection: UInt64 = 0
    package var isOpen = false
    /// The newest that the relay asked to be answered on this connection, and how many there were.
    package var challenge: Digest?
    package var challenges: UInt64 = 0
    package init() {}
  }

  private struct State {
    var machine: OutboxMachine?
    /// Says that something waits.
    var wake: (@Sendable () -> Void)?
    var overflowed = false
  }

  private let state = Mutex(State())
  /// Followed by whoever makes beacons.
  package let signals = Published(Signals())
  private let limits: OutboxMachine.Limits
  private let ledger: LedgerWriter?

  package init(limits: OutboxMachine.Limits = OutboxMachine.Limits(), ledger: LedgerWriter? = nil) {
    self.limits = limits
    self.ledger = ledger
  }

  /// A new connection begins: nothing of the old one is kept.
  package func open() {
    let wake = state.withLock { state in
      state.machine = OutboxMachine(limits: limits)
      state.overflowed = false
      return state.wake
    }
    signals.update { signals in
      signals.connection += 1
      signals.isOpen = true
      signals.challenge = nil
    }
    wake?()
  }

  /// The connection that takes from here from now on.
  /// - Parameter wake: says that something waits; called on the giver's thread, so it must not block.
  package func attach(_ wake: @escaping @Sendable () -> Void) { state.withLock { $0.wake = wake } }

  /// The connection is over; what waited is lost, and counted as the queue's loss.
  package func close() {
    signals.update { $0.isOpen = false }
    let unfinished = state.withLock { state in
      let unfinished = state.machine?.unfinished ?? []
      state.machine = nil
      state.wake = nil
      return unfinished
    }
    for object in unfinished { recordLoss(kid: object.kid, index: object.index) }
  }

  /// What waits of these classes goes (E5): their permission is gone. Counted as the queue's loss.
  package func wipe(_ classes: ClassMask) {
    guard !classes.isEmpty else { return }
    let wiped = state.withLock { $0.machine?.wipe(classes) ?? [] }
    for object in wiped { recordLoss(kid: object.kid, index: object.index) }
  }

  /// Items that wait to be written.
  package var waiting: Int { state.withLock { $0.machine?.waitingCount ?? 0 } }

  /// Nothing waits and everything is acknowledged.
  package var isIdle: Bool { state.withLock { ($0.machine?.unacknowledged ?? 0) == 0 } }

  package var isOpen: Bool { state.withLock { $0.machine != nil } }

  /// True while the track wants a random access point to go on after a loss.
  package func needsRandomAccess(_ track: Track) -> Bool {
    state.withLock { $0.machine?.needsRandomAccess(track) ?? false }
  }

  /// Takes one sealed object, or loses it by the machine's rule.
  @discardableResult
  package func accept(_ object: SealedObject) -> Bool {
    let now = Clocks.monotonic()
    let verdict = offer { $0.offer(object.header, object.bytes, now: now) }
    guard verdict == .queued else {
      recordLoss(kid: object.header.kid.rawValue, index: object.header.index)
      return false
    }
    return true
  }

  /// Takes a key message: its head, then its entries.
  package func accept(_ message: KeyMessage) {
    let now = Clocks.monotonic()
    for item in message.items { _ = offer { $0.offerControl(item.bytes, now: now) } }
  }

  /// Takes the newest beacon in the place of an older one.
  package func accept(_ beacon: Signed<Beacon>) {
    _ = offer { $0.offerBeacon(WireItem.control(.beacon, beacon.bytes).bytes) }
  }

  /// Says that the connection lives, where nothing else does.
  package func beat() {
    let now = Clocks.monotonic()
    _ = offer { $0.hasWaiting ? .queued : $0.offerControl(WireItem.control(.heartbeat, []).bytes, now: now) }
  }

  /// The next bytes to write; nil when nothing waits, or the connection is over.
  package func take() -> [UInt8]? {
    state.withLock { state in
      guard !state.overflowed, var machine = state.machine.take() else { return nil }
      defer { state.machine = machine }
      return machine.take()
    }
  }

  /// More waits than a living connection leaves; somebody must end it.
  package var isOverflowed: Bool { state.withLock { $0.overflowed } }

  /// The relay has this object.
  package func acknowledge(kid: UInt64, index: UInt32) {
    state.withLock { $0.machine?.acknowledge(kid: kid, index: index) }
  }

  /// The relay asks for a beacon over this tree root.
  package func challenge(_ root: Digest) {
    signals.update { signals in
      signals.challenge = root
      signals.challenges += 1
    }
  }

  /// KID as the ledger writes it.
  package static func hex(_ kid: UInt64) -> String {
    let digits = String(kid, radix: 16)
    return "0x" + String(repeating: "0", count: 16 - digits.count) + digits
  }

  private func recordLoss(kid: UInt64, index: UInt32) {
    ledger?.record("queue_lost", ["kid": .text(Self.hex(kid)), "index": .number(Int64(index))])
  }

  private func offer(_ body: (inout OutboxMachine) -> OutboxMachine.Verdict) -> OutboxMachine.Verdict {
    let (verdict, wake) = state.withLock { state -> (OutboxMachine.Verdict, (@Sendable () -> Void)?) in
      guard var machine = state.machine.take() else { return (.lost, nil) }
      let verdict = body(&machine)
      state.machine = machine
      if verdict == .overflow { state.overflowed = true }
      return (verdict, state.wake)
    }
    wake?()
    return verdict
  }
}
