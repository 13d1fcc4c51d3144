/// The time that fake devices live in. All of a device's pace follows from it: there is no thread behind a fake.
public protocol SimulatedClock: Sendable {
  /// Nanoseconds of CLOCK_MONOTONIC, or of whatever takes its place.
  func now() -> UInt64

  /// Returns when the clock has reached `deadline`, or when `signal` is raised, or earlier for no reason: callers look
  /// at the clock again.
  func wait(until deadline: UInt64, or signal: WakeSignal)
}

/// CLOCK_MONOTONIC, waiting in real time.
public struct RealClock: SimulatedClock {
  /// The machine's clock.
  public init() {}

  /// Nanoseconds of CLOCK_MONOTONIC.
  public func now() -> UInt64 { WakeSignal.monotonicNow() }

  /// Sleeps until `deadline` or until `signal` is raised.
  public func wait(until deadline: UInt64, or signal: WakeSignal) { signal.sleep(until: deadline) }
}
