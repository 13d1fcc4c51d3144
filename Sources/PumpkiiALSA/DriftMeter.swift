/// Measures a device's sample clock against CLOCK_MONOTONIC.
///
/// The offset between what the position says and what the clock says is looked at in blocks of half a second, whose
/// medians throw out single late wake-ups; the slope through them is the median of the slopes of all pairs (Theil–Sen),
/// which up to a quarter of bad blocks do not move.
package struct DriftMeter: Sendable {
  /// ns before anything is said.
  package static let shortest: UInt64 = 10_000_000_000
  private static let block: UInt64 = 500_000_000
  /// One minute.
  private static let mostBlocks = 120
  /// ppm beyond which it is no clock that drifts: a file played as fast as it can be read.
  private static let limit = 20_000.0

  private struct Point: Sendable {
    var time: Double
    var offset: Double
  }

  private let rate: Double
  private var origin: (position: UInt64, time: UInt64)?
  private var blockEnd: UInt64 = 0
  private var current: [Point] = []
  private var points: [Point] = []

  /// For a device of `rate` frames a second by its own word.
  package init(rate: Int) { self.rate = Double(max(rate, 1)) }

  /// The frame at `position` was taken at `time` (ns).
  package mutating func add(position: UInt64, time: UInt64) {
    guard let origin, position >= origin.position, time >= origin.time else {
      if origin == nil { origin = (position, time) }
      return
    }
    let elapsed = Double(time - origin.time) / 1e9
    let point = Point(time: elapsed, offset: elapsed - Double(position - origin.position) / rate)
    if blockEnd == 0 { blockEnd = time &+ Self.block }
    if time >= blockEnd { endBlock(at: time) }
    current.append(point)
  }

  /// The stream was started anew: what was measured belongs to another line.
  package mutating func restart() {
    origin = nil
    blockEnd = 0
    current.removeAll(keepingCapacity: true)
    points.removeAll(keepingCapacity: true)
  }

  /// Parts per million, positive when the device is fast; nil before ``shortest`` has been heard, and for what is no
  /// clock.
  package var ppm: Double? {
    guard let first = points.first, let last = points.last,
      last.time - first.time >= Double(Self.shortest) / 1e9
    else { return nil }
    var slopes: [Double] = []
    slopes.reserveCapacity(points.count * (points.count - 1) / 2)
    for (at, from) in points.enumerated() {
      for to in points[(at + 1)...] { slopes.append((to.offset - from.offset) / (to.time - from.time)) }
    }
    slopes.sort()
    // Of a fast device more frames than seconds come: its offset falls.
    let ppm = -slopes[slopes.count / 2] * 1e6
    return abs(ppm) <= Self.limit ? ppm : nil
  }

  private mutating func endBlock(at time: UInt64) {
    blockEnd = time &+ Self.block
    guard !current.isEmpty else { return }
    let middle = current[current.count / 2].time
    current.sort { $0.offset < $1.offset }
    points.append(Point(time: middle, offset: current[current.count / 2].offset))
    if points.count > Self.mostBlocks { points.removeFirst() }
    current.removeAll(keepingCapacity: true)
  }
}
