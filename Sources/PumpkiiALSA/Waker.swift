internal import CPumpkiiALSA
internal import Glibc

/// Ends a wait in poll(2), from any thread.
final class Waker: Sendable {
  /// Negative where the process has no descriptor left.
  let descriptor: Int32

  init() { descriptor = pk_sound_waker() }

  deinit { if descriptor >= 0 { _ = close(descriptor) } }

  func wake() { if descriptor >= 0 { pk_sound_wake(descriptor) } }
}
