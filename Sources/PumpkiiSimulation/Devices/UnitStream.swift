internal import PumpkiiCapture

/// What a camera and a microphone have in common when they are open: units come due, wait in the driver's ring, are
/// overwritten, stop coming.
///
/// `@unchecked Sendable`: as the capture protocols demand, everything but ``interrupt()`` is called from one thread;
/// ``interrupt()`` touches the signal alone.
final class UnitStream: @unchecked Sendable {
  let signal = WakeSignal()
  private(set) var queue: UnitQueue
  private let name: String
  private let clock: any SimulatedClock
  private let plug: DevicePlug
  private let script: FaultScript
  private let frozenAfter: UInt64
  private var pulls: UInt64 = 0
  private var made: UInt64?

  init(
    name: String, queue: UnitQueue, clock: any SimulatedClock, plug: DevicePlug, script: FaultScript,
    frozenAfter: UInt64
  ) {
    self.name = name
    self.queue = queue
    self.clock = clock
    self.plug = plug
    self.script = script
    self.frozenAfter = frozenAfter
    if let stop = script.stop { self.queue.end = stop.firstUnit }
  }

  /// - Throws: ``CaptureError`` `gone` when the device is not plugged in.
  func begin(at now: UInt64) throws(CaptureError) { pulls = try plug.begin(signal, at: now, name: name) }

  /// The instant at which a wait of `timeout` ends.
  func deadline(_ timeout: Duration) -> UInt64 {
    let length = max(timeout / .nanoseconds(1), 0)
    // A century is as good as for ever, and adds up without overflow.
    return clock.now() + UInt64(min(length, 3e18))
  }

  /// The next unit, nil at the deadline or after ``interrupt()``.
  /// - Parameter prepare: called with the number of the unit that is waited for, before the wait.
  /// - Throws: ``CaptureError``.
  func next(
    until deadline: UInt64, prepare: (UInt64) throws(CaptureError) -> Void
  ) throws(CaptureError) -> UInt64? {
    guard made == nil else { throw CaptureError(.gone, "\(name) is closed", advice: "Open it again.") }
    while true {
      let now = clock.now()
      try checkStop(at: now)
      if signal.take() { return nil }
      if let unit = queue.take(at: now) {
        if script.faults(of: unit).contains(.lose) { continue }
        return unit
      }
      if now >= deadline { return nil }
      if let due = queue.nextDue, due <= deadline { try prepare(queue.next) }
      clock.wait(until: min(deadline, wakeUp), or: signal)
    }
  }

  func interrupt() { signal.raise() }

  /// - Returns: units made since ``begin(at:)``; nil when it was closed before.
  func close() -> UInt64? {
    guard made == nil else { return nil }
    made = queue.made(by: clock.now())
    plug.end(signal)
    return made
  }

  /// The next instant at which something happens by itself.
  private var wakeUp: UInt64 {
    if let due = queue.nextDue { return due }
    let stopped = queue.pace.due(queue.end)
    return script.stop?.kind == .freeze ? stopped + frozenAfter : stopped
  }

  private func checkStop(at now: UInt64) throws(CaptureError) {
    if plug.isOut(since: pulls) {
      queue.end = min(queue.end, queue.made(by: now))
      throw DevicePlug.gone(name)
    }
    guard let stop = script.stop, queue.next >= stop.firstUnit else { return }
    let stopped = queue.pace.due(stop.firstUnit)
    if stop.kind == .unplug, now >= stopped {
      plug.pull(until: stop.backAfter.map { stopped + $0 } ?? .max)
      throw DevicePlug.gone(name)
    }
    if stop.kind == .freeze, now >= stopped + frozenAfter {
      throw CaptureError(
        .frozen, "\(name) gives nothing any more", advice: "Close and open it; if that fails, plug it out and in.")
    }
  }
}
