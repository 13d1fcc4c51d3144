internal import PumpkiiWire
internal import Synchronization

/// Hints between a camera and an account, so many in a time for each pair: a camera names whom it likes, and an account
/// changes as often as it likes. What is over waits, the newest of each kind, and is sent when its time has come.
///
/// The cameras that an account never used count together as one, or their number would be the way around.
final class HintDesk: Sendable {
  /// Hints that may wait; beyond it they are lost, and counted.
  private static let bound = 1 << 14

  enum Kind: Hashable, Sendable {
    case roster, keys, clip, account
  }

  private struct Line: Hashable {
    let kind: Kind
    let device: DeviceID
    let account: AccountID
  }

  private struct Waiting {
    let event: RelayEvent
    let key: String
  }

  private struct State {
    var waiting: [Line: Waiting] = [:]
    var lost = 0
  }

  private let state = Mutex(State())
  private let events: EventHub
  private let limiter: RateLimiter
  private let rate: RelayConfiguration.Rate

  init(events: EventHub, limiter: RateLimiter, rate: RelayConfiguration.Rate) {
    self.events = events
    self.limiter = limiter
    self.rate = rate
  }

  /// Hints that were lost since this was asked last.
  var lost: Int {
    state.withLock { state in
      defer { state.lost = 0 }
      return state.lost
    }
  }

  /// Tells the accounts of a camera; `listed` says of each whether it ever used the camera.
  func tell(_ kind: Kind, _ event: RelayEvent, of device: DeviceID, to listed: [AccountID: Bool]) {
    for (account, isAccepted) in listed {
      let key = isAccepted ? "hint \(device.hex) \(account.hex)" : "hint \(account.hex)"
      offer(Line(kind: kind, device: device, account: account), Waiting(event: event, key: key))
    }
  }

  /// Tells the cameras that name an account that it has changed.
  func tell(_ devices: [DeviceID], ofChange account: AccountID) {
    for device in devices where events.isOpen(device) {
      offer(
        Line(kind: .account, device: device, account: account),
        Waiting(event: .account(account), key: "hint account \(account.hex) \(device.hex)"))
    }
  }

  /// Sends what has waited long enough.
  func flush() {
    for (line, waiting) in state.withLock({ $0.waiting }) where limiter.take(waiting.key, rate) == nil {
      // What came meanwhile is newer, and is sent instead.
      guard let newest = state.withLock({ $0.waiting.removeValue(forKey: line) }) else { continue }
      send(newest.event, line)
    }
  }

  private func offer(_ line: Line, _ hint: Waiting) {
    let waits = state.withLock { state in
      guard state.waiting[line] != nil else { return false }
      state.waiting[line] = hint
      return true
    }
    if waits { return }
    guard limiter.take(hint.key, rate) != nil else { return send(hint.event, line) }
    state.withLock { state in
      if state.waiting.count < Self.bound { state.waiting[line] = hint } else { state.lost += 1 }
    }
  }

  private func send(_ event: RelayEvent, _ line: Line) {
    switch line.kind {
    case .account: events.send(event, to: line.device)
    case .roster, .keys, .clip: events.send(event, to: [line.account])
    }
  }
}
