/// Decides, from positions and timestamps, where silence stands in for lost sound and what is left out.
///
/// Counts in sample frames of the microphone. A drift of some hundred parts per million is resampled away before it is
/// seen here; what is left for these steps is what no resampling can follow. Positions are trusted at once: a step is
/// an overrun. Timestamps jitter, so only one that stays off for several periods, and by more than ``tolerance``, is a
/// drift to be corrected.
package struct AudioTimeline: Equatable {
  /// What a period asks for.
  package enum Step: Equatable {
    /// This many frames were lost to an overrun: silence stands in for them.
    case fill(Int)
    /// The device's clock is slow: this many frames of silence before the period.
    case stretch(Int)
    /// Leave out this many frames of the period.
    case skip(Int)
    /// Too large a hole to fill: go on at the period's own time.
    case restart
    /// Nothing.
    case go
  }

  /// ns a timestamp may be off: lip sync is judged at 40 ms, and the codec and the picture's rate have their share.
  static let tolerance: Int64 = 30_000_000
  /// ns of silence that are filled; beyond, the track has a hole.
  static let longest: Int64 = 5_000_000_000
  /// Periods in a row that must agree before a drift is corrected.
  static let patience = 3

  private let rate: UInt64
  private var origin: UInt64
  /// Frames taken since the origin, silence included.
  private(set) var frames: UInt64 = 0
  /// ns by which resampling made the sound longer than its frames say.
  package var correction: Int64 = 0
  private var nextPosition: UInt64
  private var strays: [Int64] = []

  /// The first period: its position and time are where the track begins.
  package init(rate: Int, position: UInt64, time: UInt64) {
    self.rate = UInt64(max(rate, 1))
    origin = time
    nextPosition = position
  }

  /// What to do before `count` frames from `position` that were taken at `time`.
  package mutating func step(position: UInt64, count: Int, at time: UInt64) -> Step {
    let missing = position > nextPosition ? position - nextPosition : 0
    nextPosition = position &+ UInt64(count)
    let lead = lead(at: time)
    if lead > Self.longest { return .restart }
    if missing > 0 {
      strays = []
      // A step that the clock does not confirm (a device that counts anew) is not filled beyond what it says.
      let limit = UInt64(max(lead, 0) + Self.tolerance) * rate / 1_000_000_000
      let filled = min(missing, limit)
      return filled > 0 ? .fill(Int(filled)) : .go
    }
    guard abs(lead) > Self.tolerance else {
      strays = []
      return .go
    }
    strays.append(lead)
    guard strays.count >= Self.patience, strays.allSatisfy({ ($0 > 0) == (lead > 0) }) else {
      if strays.count > Self.patience { strays.removeFirst() }
      return .go
    }
    let smallest = strays.map(abs).min() ?? 0
    strays = []
    let frames = Int(UInt64(smallest) * rate / 1_000_000_000)
    return lead > 0 ? .stretch(frames) : .skip(min(frames, count))
  }

  /// Frames were taken.
  package mutating func advance(by count: Int) { frames += UInt64(count) }

  /// ns from the end of the sound so far to `time`; positive when sound is missing.
  package func lead(at time: UInt64) -> Int64 {
    Int64(clamping: Int128(time) - Int128(expected) - Int128(correction))
  }

  /// When the next frame should have been taken.
  private var expected: UInt64 { origin &+ (frames / rate) * 1_000_000_000 &+ (frames % rate) * 1_000_000_000 / rate }
}
