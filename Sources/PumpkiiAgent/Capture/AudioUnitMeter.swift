/// Divides a microphone's samples into units of 20 ms by their position since it was opened, and follows each until it
/// ends exactly once. Unit k is samples k·u ..< (k+1)·u with u = rate / 50.
package struct AudioUnitMeter: Sendable {
  private let sampleRate: UInt64
  /// The first unit whose fate is open.
  private var next: UInt64 = 0
  /// The sample position that should come next.
  private var expected: UInt64 = 0
  /// Units in the encoder, oldest first; nil stands for silence put in place of a unit that was lost.
  private var fed: [UInt64?] = []

  package init(sampleRate: Int) { self.sampleRate = UInt64(max(sampleRate, 50)) }

  /// Sound that goes nowhere: every unit it completes ends now.
  package mutating func pass(position: UInt64, frames: Int, _ end: (_ unit: UInt64, _ wasLost: Bool) -> Void) {
    let lost = lostUnits(before: position)
    expected = position + UInt64(frames)
    for unit in next..<max(next, units(to: expected)) { end(unit, lost.contains(unit)) }
    next = max(next, units(to: expected))
  }

  /// Sound that goes into the encoder; units lost before it end now, the encoder puts silence in their place.
  package mutating func feed(position: UInt64, frames: Int, _ lostUnit: (UInt64) -> Void) {
    let lost = lostUnits(before: position)
    expected = position + UInt64(frames)
    // A unit begun is in the encoder's hands; it is followed from its first sample.
    let end = (expected * 50 + sampleRate - 1) / sampleRate
    for unit in next..<max(next, end) {
      if lost.contains(unit) {
        lostUnit(unit)
        fed.append(nil)
      } else {
        fed.append(unit)
      }
    }
    next = max(next, end)
  }

  /// The units of the encoder's next `packets` packets.
  package mutating func take(packets: Int) -> [UInt64] {
    let taken = fed.prefix(packets).compactMap { $0 }
    fed.removeFirst(min(packets, fed.count))
    return taken
  }

  /// The encoder is gone; what it never gave back ends now.
  package mutating func abandon(_ end: (UInt64) -> Void) {
    for unit in fed { if let unit { end(unit) } }
    fed = []
  }

  /// The device is closed after `made` sample frames; what was never collected ends now.
  package mutating func close(made: UInt64, _ end: (UInt64) -> Void) {
    abandon(end)
    let total = (made * 50 + sampleRate - 1) / sampleRate
    for unit in next..<max(next, total) { end(unit) }
    next = max(next, total)
  }

  private func units(to position: UInt64) -> UInt64 { position * 50 / sampleRate }

  /// Units any of whose samples the driver overwrote.
  private func lostUnits(before position: UInt64) -> Range<UInt64> {
    guard position > expected else { return next..<next }
    let first = max(next, expected * 50 / sampleRate)
    return first..<max(first, (position * 50 + sampleRate - 1) / sampleRate)
  }
}
