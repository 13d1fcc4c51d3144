package import PumpkiiCapture

/// What counts as loud.
package struct SoundSettings: Sendable, Equatable {
  /// dB above what is usual.
  package var margin: Double
  /// dBFS below which nothing is loud.
  package var least: Double
  /// ns without loudness after which an event ends.
  package var quiet: UInt64
  /// ns after the end of an event in which no other begins.
  package var holdOff: UInt64

  /// What is left out suits a room.
  package init(
    margin: Double = 15, least: Double = -50, quiet: UInt64 = 3_000_000_000, holdOff: UInt64 = 2_000_000_000
  ) {
    self.margin = max(margin, 3)
    self.least = min(max(least, -110), 0)
    self.quiet = quiet
    self.holdOff = holdOff
  }
}

/// Finds loudness in levels of 100 ms, of which no sound can be had back: each against a floor that follows what is
/// usual, down fast and up slowly. A pure machine.
package struct SoundDetector: Sendable {
  /// Levels at which only the floor is learned.
  package static let learning = 10
  /// dB by which the floor rises in a second: a ventilator that starts is usual after half a minute.
  private static let rise = 0.7
  /// ns without a level after which everything is learned anew.
  package static let forgets: UInt64 = 10_000_000_000

  package let settings: SoundSettings
  /// dBFS of what is usual.
  package private(set) var floor = 0.0
  private var learned = 0
  private var last: UInt64?
  private var tracker: EventTracker

  package init(settings: SoundSettings = SoundSettings()) {
    self.settings = settings
    tracker = EventTracker(confirmations: 1, quiet: settings.quiet, holdOff: settings.holdOff)
  }

  /// True while it is loud.
  package var isInEvent: Bool { tracker.isInEvent }

  /// Hears the next level.
  package mutating func hear(_ level: SoundLevel) -> DetectionReport? {
    let end = level.timestamp &+ level.duration
    if let last, end < last || end - last > Self.forgets { learned = 0 }
    last = end
    guard learned >= Self.learning else {
      floor = learned == 0 ? level.rms : floor + (level.rms - floor) / Double(learned + 1)
      learned += 1
      return tracker.observe(nil, at: end)
    }
    let above = level.rms - floor
    follow(level, above)
    let isLoud = above >= settings.margin && level.rms >= settings.least
    return tracker.observe(isLoud ? above : nil, at: end)
  }

  /// The microphone closed.
  package mutating func close(at time: UInt64) -> DetectionReport? {
    learned = 0
    last = nil
    return tracker.end(at: time)
  }

  private mutating func follow(_ level: SoundLevel, _ above: Double) {
    let seconds = Double(level.duration) / 1e9
    floor += above < 0 ? above * 0.2 : min(above * 0.2, Self.rise * seconds)
  }
}
