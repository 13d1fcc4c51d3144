package import PumpkiiCapture
internal import Synchronization

/// Counters that any thread may look at.
package final class CounterBox: Sendable {
  private let counters = Mutex(CaptureCounters())

  /// Nothing yet.
  package init() {}

  /// As they are now.
  package var value: CaptureCounters { counters.withLock { $0 } }

  func update(_ change: (inout CaptureCounters) -> Void) { counters.withLock { change(&$0) } }
}
