internal import Synchronization

/// The last capture time of a track in an epoch, shared by the track's sealers: it never goes back.
final class CaptureClock: Sendable {
  private let last = Mutex<UInt64>(0)

  /// Takes `time` unless it lies before the last.
  func advance(to time: UInt64) -> Bool {
    last.withLock { last in
      guard time >= last else { return false }
      last = time
      return true
    }
  }

  /// `time`, or the last when that is later; for what carries no media.
  func latest(_ time: UInt64) -> UInt64 {
    last.withLock { last in
      last = max(last, time)
      return last
    }
  }
}
