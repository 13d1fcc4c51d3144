internal import PumpkiiCapture
internal import Synchronization

/// What a camera and a microphone have in common when they are open: units come due, wait in the driver's ring, are
/// overwritten, are lost, stop coming; and each is counted once.
///
/// `@unchecked Sendable`: as the capture protocols demand, everything but ``interrupt()`` and ``counters`` is called
/// from one thread; these two touch the signal and what the mutex holds.
final class UnitStream: @unchecked Sendable {
  /// What a stream is made of.
  struct Parts {
    var name: String
    var queue: UnitQueue
    var device: DeviceParts
    var script: FaultScript
    var frozenAfter: UInt64
    /// Frames a unit, or sample frames a period: what is counted.
    var weight: UInt64 = 1
    /// As what overwritten units are counted.
    var overwritten: CaptureLoss = .gap
    /// When the sensor was opened.
    var opened: UInt64
  }

  /// A unit, and what befalls it.
  struct Unit {
    var number: UInt64
    var faults: [Fault]
  }

  let signal = WakeSignal()
  private(set) var queue: UnitQueue
  private let parts: Parts
  private var stops: StopPlan
  private var pulls: UInt64 = 0
  private(set) var origin: UInt64 = 0
  private var made: UInt64?
  /// The unit lost last, and as what.
  private var lastLoss: (unit: UInt64, reason: CaptureLoss)?
  private let counts = Mutex(CaptureCounters())

  /// - Throws: ``CaptureError`` `gone` when the device is not plugged in.
  init(_ parts: Parts) throws(CaptureError) {
    self.parts = parts
    queue = parts.queue
    stops = StopPlan(parts.script, pace: queue.pace, opened: parts.opened)
    if let stop = stops.next { queue.end = stop.unit }
    pulls = try parts.device.plug.begin(signal, at: parts.opened, name: parts.name)
    origin = parts.device.time.join(at: parts.opened)
  }

  /// What was delivered and lost. From any thread.
  var counters: CaptureCounters { counts.withLock { $0 } }

  /// The instant at which a wait of `timeout` ends.
  func deadline(_ timeout: Duration) -> UInt64 {
    let length = max(timeout / .nanoseconds(1), 0)
    // A century is as good as for ever, and adds up without overflow.
    return parts.device.clock.now() + UInt64(min(length, 3e18))
  }

  /// The next unit that is not lost, nil at the deadline or after ``interrupt()``. Whoever takes it says what became of
  /// it: ``delivered()`` or ``lose(_:)``.
  /// - Parameters:
  ///   - prepare: called with the number of the unit that is waited for, before the wait.
  ///   - notice: called for each unit that is there, lost or not, with what befalls it.
  /// - Throws: ``CaptureError``.
  func next(
    until deadline: UInt64, prepare: (UInt64) throws(CaptureError) -> Void, notice: (Unit) -> Void
  ) throws(CaptureError) -> Unit? {
    guard made == nil else { throw CaptureError(.gone, "\(parts.name) is closed", advice: "Open it again.") }
    while true {
      let now = parts.device.clock.now()
      try checkStop(at: now)
      if signal.take() { return nil }
      if let unit = take(at: now) {
        notice(unit)
        guard let reason = unit.faults.lazy.compactMap(\.kind.loss).first else { return unit }
        lose(unit.number, reason)
        continue
      }
      if now >= deadline { return nil }
      if let due = queue.nextDue, due <= deadline { try prepare(queue.next) }
      parts.device.clock.wait(until: min(deadline, wakeUp), or: signal)
    }
  }

  /// What befalls a unit, whether it is there or not.
  func faults(of unit: UInt64) -> [Fault] {
    if parts.script.isEmpty { return [] }
    let due = queue.pace.due(unit)
    return parts.script.actions(of: unit, at: due > parts.opened ? due - parts.opened : 0)
  }

  /// Counts the unit taken last as handed out.
  func delivered() { counts.withLock { $0.delivered += parts.weight } }

  /// Counts the unit taken last as lost.
  func lose(_ reason: CaptureLoss) { counts.withLock { $0.lose(reason, parts.weight) } }

  /// Lets time pass without taking units, and counts them.
  /// - Throws: ``CaptureError`` when the device went or froze meanwhile.
  func pause(_ length: UInt64, as reason: CaptureLoss) throws(CaptureError) {
    let clock = parts.device.clock
    let end = clock.now() + length
    while clock.now() < end, !signal.isRaised { clock.wait(until: end, or: signal) }
    let (before, lost) = (queue.skipped, queue.overwritten)
    queue.skip(at: clock.now())
    counts.withLock { $0.lose(reason, (queue.skipped - before + queue.overwritten - lost) * parts.weight) }
    try checkStop(at: clock.now())
  }

  func interrupt() { signal.raise() }

  /// - Returns: units made since opening; nil when it was closed before.
  func close() -> UInt64? {
    guard made == nil else { return nil }
    let (before, lost) = (queue.skipped, queue.overwritten)
    queue.skip(at: parts.device.clock.now())
    made = queue.next
    counts.withLock { counts in
      counts.lose(.stale, (queue.skipped - before) * parts.weight)
      counts.lose(parts.overwritten, (queue.overwritten - lost) * parts.weight)
    }
    parts.device.plug.end(signal)
    parts.device.time.leave()
    return made
  }

  private func take(at now: UInt64) -> Unit? {
    let before = queue.overwritten
    guard let number = queue.take(at: now) else { return nil }
    if queue.overwritten > before {
      counts.withLock { $0.lose(parts.overwritten, (queue.overwritten - before) * parts.weight) }
    }
    return Unit(number: number, faults: faults(of: number))
  }

  private func lose(_ unit: UInt64, _ reason: CaptureLoss) {
    let isNew = lastLoss.map { $0.reason != reason || $0.unit + 1 != unit } ?? true
    lastLoss = (unit, reason)
    lose(reason)
    // A sound card stands still until it is prepared and started again: once for each burst.
    if isNew, reason == .overrun || reason == .suspended {
      counts.withLock { $0.recoveries["recover", default: 0] += 1 }
    }
  }
}

extension UnitStream {
  /// The next instant at which something happens by itself.
  private var wakeUp: UInt64 {
    if let due = queue.nextDue { return due }
    guard let stop = stops.next else { return .max }
    return stop.fault.kind == .freeze ? stop.instant + parts.frozenAfter : stop.instant
  }

  private func checkStop(at now: UInt64) throws(CaptureError) {
    if parts.device.plug.isOut(since: pulls) {
      queue.end = min(queue.end, queue.made(by: now))
      throw DevicePlug.gone(parts.name)
    }
    stops.look(at: now)
    guard let stop = stops.next else { return }
    queue.end = min(queue.end, stop.unit)
    guard queue.next >= stop.unit else { return }
    if stop.fault.kind == .unplug, now >= stop.instant {
      parts.device.plug.pull(until: stop.fault.backAfter.map { stop.instant + $0 } ?? .max)
      throw DevicePlug.gone(parts.name)
    }
    if stop.fault.kind == .freeze, now >= stop.instant + parts.frozenAfter {
      throw CaptureError(
        .frozen, "\(parts.name) gives nothing any more", advice: "Close and open it; if that fails, plug it out and in."
      )
    }
  }
}
