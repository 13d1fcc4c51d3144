/// When the device says how it is: a pure machine with a clock handed in. While its line is open it answers each of
/// the relay's challenges, tells a changed state at once, and speaks every few seconds though nobody asks; without a
/// line it tells changed states by request. A relay that challenges without a pause is answered a few times a second.
package struct BeaconPace: Sendable {
  /// Which way a beacon goes.
  package enum Way: Sendable, Equatable {
    case line
    case request
  }

  /// What comes in.
  package struct Inputs: Sendable, Equatable {
    /// What the line is and wants.
    package var signals: Outbox.Signals
    /// What would be said now.
    package var states: BeaconState.Pair
    /// Somebody at the relay knows this device.
    package var isPaired: Bool

    package init(signals: Outbox.Signals, states: BeaconState.Pair, isPaired: Bool) {
      self.signals = signals
      self.states = states
      self.isPaired = isPaired
    }
  }

  /// ns without a challenge after which the device speaks by itself; the relay asks every two seconds.
  package static let silence: UInt64 = 3_000_000_000
  /// ns between two beacons at least.
  package static let gap: UInt64 = 200_000_000
  /// ns between two requests at least; doubled by each that fails, up to ``requestPauses``.
  private static let requestPause: UInt64 = 2_000_000_000
  private static let requestPauses: UInt64 = 16

  private var last: UInt64?
  private var answered = Outbox.Signals()
  private var said: BeaconState.Pair?
  private var nextRequest: UInt64 = 0
  private var failures: UInt64 = 1

  package init() {}

  /// What to do at `now` (CLOCK_MONOTONIC, ns), and when to ask again if nothing changes. A beacon that is ordered
  /// counts as said.
  package mutating func decide(_ inputs: Inputs, now: UInt64) -> (way: Way?, again: UInt64?) {
    inputs.signals.isOpen ? decideOpen(inputs, now) : decideClosed(inputs, now)
  }

  /// The request did not arrive.
  package mutating func requestFailed(now: UInt64) {
    said = nil
    failures = min(failures * 2, Self.requestPauses)
    nextRequest = now + Self.requestPause * failures
  }

  private mutating func decideOpen(_ inputs: Inputs, _ now: UInt64) -> (way: Way?, again: UInt64?) {
    let isNews = inputs.signals != answered || inputs.states != said
    let due = last.map { $0 + (isNews ? Self.gap : Self.silence) } ?? now
    guard now >= due else { return (nil, due) }
    last = now
    answered = inputs.signals
    said = inputs.states
    return (.line, now + Self.silence)
  }

  private mutating func decideClosed(_ inputs: Inputs, _ now: UInt64) -> (way: Way?, again: UInt64?) {
    guard inputs.isPaired, inputs.states != said else {
      if inputs.states == said { failures = 1 }
      return (nil, nil)
    }
    guard now >= nextRequest else { return (nil, nextRequest) }
    nextRequest = now + Self.requestPause
    said = inputs.states
    return (.request, nil)
  }
}
