internal import Glibc
internal import PumpkiiSystem

/// Wakes one waiting thread. Raising it before anybody waits counts as well, so that no wake-up is lost.
///
/// `@unchecked Sendable`: the flag and the counter are touched only with `mutex` held; the pointers never change.
@safe public final class WakeSignal: @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let condition: UnsafeMutablePointer<pthread_cond_t>
  private var raised = false
  private var nudges: UInt64 = 0

  /// A signal that is not raised.
  public init() {
    unsafe mutex = .allocate(capacity: 1)
    unsafe condition = .allocate(capacity: 1)
    unsafe pthread_mutex_init(mutex, nil)
    var attributes = pthread_condattr_t()
    unsafe pthread_condattr_init(&attributes)
    unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    unsafe pthread_cond_init(condition, &attributes)
    unsafe pthread_condattr_destroy(&attributes)
  }

  deinit {
    unsafe pthread_cond_destroy(condition)
    unsafe pthread_mutex_destroy(mutex)
    unsafe condition.deallocate()
    unsafe mutex.deallocate()
  }

  /// Makes who waits, or who waits next, return at once. From any thread.
  public func raise() { change { raised = true } }

  /// Whether it was raised; lowers it.
  public func take() -> Bool {
    locked {
      defer { raised = false }
      return raised
    }
  }

  /// Whether it is raised.
  public var isRaised: Bool { locked { raised } }

  /// How often ``nudge()`` was called. Read it before looking at the state that a nudge announces.
  public var nudgeCount: UInt64 { locked { nudges } }

  /// Makes who waits look again, without raising the signal.
  public func nudge() { change { nudges += 1 } }

  /// Sleeps until it is raised or, by CLOCK_MONOTONIC, until `deadline`.
  public func sleep(until deadline: UInt64) {
    var time = timespec(tv_sec: Int(deadline / 1_000_000_000), tv_nsec: Int(deadline % 1_000_000_000))
    locked { while !raised, unsafe pthread_cond_timedwait(condition, mutex, &time) == 0 {} }
  }

  /// Sleeps until it is raised or nudged after `count`.
  public func sleep(afterNudge count: UInt64) {
    locked { while !raised, nudges == count { unsafe pthread_cond_wait(condition, mutex) } }
  }

  static func monotonicNow() -> UInt64 { Clocks.monotonic() }

  private func change(_ body: () -> Void) {
    locked(body)
    unsafe pthread_cond_broadcast(condition)
  }

  private func locked<Result>(_ body: () -> Result) -> Result {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    return body()
  }
}
