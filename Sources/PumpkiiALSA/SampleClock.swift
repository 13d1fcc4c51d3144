/// Counts sample frames and says when each was taken.
///
/// A sample's time is the device's own: the stamp of its position less what waited then and what the converter holds
/// back. A position that jumps does so by the time that passed, so that the hole has the right length.
package struct SampleClock: Sendable, Equatable {
  private let shape: PCMShape
  /// Of the next frame.
  package private(set) var position: UInt64 = 0
  /// When the frame at ``position`` should be taken; 0 before the first one.
  private var expected: UInt64 = 0
  /// Frames between microphone and buffer; nil until it was asked for.
  package var latency: Int?

  /// Of a device that was just opened.
  package init(shape: PCMShape) { self.shape = shape }

  /// CLOCK_MONOTONIC in ns of the oldest frame that waited at `reading`; never in the future.
  package func time(of reading: PCMPosition, count: Int, now: UInt64) -> UInt64 {
    let waiting = reading.available >= count ? reading.available : count
    let age = shape.duration(waiting + (latency ?? 0))
    let stamp = min(reading.stamp ?? now, now)
    return stamp > age ? stamp - age : 0
  }

  /// Frames that passed unheard until `time`, at which the next period begins.
  package func lost(until time: UInt64) -> UInt64 {
    guard expected > 0, time > expected else { return 0 }
    let gap = time - expected
    let rate = UInt64(max(shape.rate, 1))
    return gap / 1_000_000_000 * rate + (gap % 1_000_000_000 * rate + 500_000_000) / 1_000_000_000
  }

  /// A period was handed out.
  package mutating func delivered(_ count: Int, at time: UInt64, lost: UInt64) {
    position += lost + UInt64(count)
    expected = time + shape.duration(count)
  }
}
