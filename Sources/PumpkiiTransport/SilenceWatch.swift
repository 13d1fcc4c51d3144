internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// Calls back when nobody touched it for the time that a stream may be silent. The HTTP client's own read time-out
/// begins only when a request has ended, and an uplink's does not end.
final class SilenceWatch: Sendable {
  private let loop = MultiThreadedEventLoopGroup.singleton.any()
  private let timer = Mutex<Scheduled<Void>?>(nil)
  private let isStopped = Mutex(false)
  private let onSilence: @Sendable () -> Void

  init(onSilence: @escaping @Sendable () -> Void) {
    self.onSilence = onSilence
    touch()
  }

  deinit { stop() }

  /// Something came.
  func touch() {
    guard !isStopped.withLock({ $0 }) else { return }
    let next = loop.scheduleTask(in: .seconds(RelayConnection.silenceSeconds)) { [onSilence] in onSilence() }
    timer.withLock { timer in
      timer?.cancel()
      timer = next
    }
  }

  /// The stream is over.
  func stop() {
    isStopped.withLock { $0 = true }
    timer.withLock { timer in
      timer?.cancel()
      timer = nil
    }
  }
}
