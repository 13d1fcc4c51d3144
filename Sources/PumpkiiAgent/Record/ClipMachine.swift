/// Decides when a clip begins, goes on, is split and ends. Pure: it is told of triggers and objects, and says what
/// to do with each object. Clips begin, split and end at a boundary (``SegmentBook``), so that the next one follows
/// without a gap. Times are CLOCK_MONOTONIC in ns.
package struct ClipMachine: Sendable {
  /// Why a clip was begun.
  package enum Reason: String, Sendable, CaseIterable {
    case motion
    case sound
    case manual
    case continuous
  }

  /// What to do with an object.
  package enum Step: Sendable, Equatable {
    /// Keep it for a pre-roll.
    case ring
    /// Begin a clip with what the ring holds, then this object.
    case begin(Reason)
    /// It belongs to the open clip.
    case write
    /// End the clip and begin the next with this object.
    case split(Reason)
    /// End the clip; the object begins the next pre-roll.
    case end
  }

  package struct Limits: Sendable {
    package var postRoll: UInt64
    package var length: UInt64
    /// Without an object for so long the open clip ends, whatever the reason goes on to be.
    package var silence: UInt64 = 10_000_000_000
    package init(postRoll: UInt64, length: UInt64) {
      self.postRoll = postRoll
      self.length = length
    }
  }

  private enum Phase: Equatable {
    case idle
    /// Somebody wants a clip and nothing came to begin it with yet.
    case armed(Reason)
    case recording(Reason, began: UInt64)
  }

  private let mode: RecordSettings.Mode
  private let limits: Limits
  private var phase = Phase.idle
  /// Until when what was found is a reason to record.
  private var found: UInt64 = 0
  /// Until when somebody's wish is.
  private var wished: UInt64 = 0
  private var lastObject: UInt64 = 0

  package init(mode: RecordSettings.Mode, limits: Limits) {
    self.mode = mode
    self.limits = limits
  }

  /// Until when there is a reason to record; the end of one is not the other's.
  private var until: UInt64 { mode == .continuous ? .max : max(found, wished) }

  package var isRecording: Bool { if case .recording = phase { true } else { false } }

  /// Something happened that is worth a clip, or goes on to happen.
  /// - Parameter length: how long it is a reason to record, in ns; nil is the post-roll.
  /// - Returns: false when the mode does not record for this.
  @discardableResult
  package mutating func trigger(_ reason: Reason, for length: UInt64? = nil, now: UInt64) -> Bool {
    guard takes(reason) else { return false }
    let end = now &+ (length ?? limits.postRoll)
    if reason == .manual { wished = max(wished, end) } else { found = max(found, end) }
    if case .idle = phase { phase = .armed(reason) }
    return true
  }

  /// Takes the next object.
  /// - Parameters:
  ///   - canBegin: the ring holds something, or the object is a boundary.
  ///   - isFull: the clip holds as much as one may.
  package mutating func object(isBoundary: Bool, canBegin: Bool, isFull: Bool = false, now: UInt64) -> Step {
    lastObject = now
    if mode == .continuous, phase == .idle { phase = .armed(.continuous) }
    switch phase {
    case .idle: return .ring
    case .armed(let reason):
      guard now <= until else {
        phase = .idle
        return .ring
      }
      guard canBegin else { return .ring }
      phase = .recording(reason, began: now)
      return .begin(reason)
    case .recording(let reason, let began):
      guard isBoundary else { return .write }
      if now > until {
        phase = .idle
        return .end
      }
      guard isFull || now - min(now, began) >= limits.length else { return .write }
      phase = .recording(reason, began: now)
      return .split(reason)
    }
  }

  /// Time passed without an object.
  /// - Returns: true when the open clip ends; a reason that still holds begins the next with the next object.
  package mutating func tick(now: UInt64) -> Bool {
    guard case .recording(let reason, _) = phase, now - min(now, lastObject) >= limits.silence else { return false }
    phase = now <= until ? .armed(reason) : .idle
    return true
  }

  /// Recording ends now, and with it every reason for it.
  /// - Returns: whether a clip was open.
  package mutating func withdraw() -> Bool {
    defer {
      phase = .idle
      found = 0
      wished = 0
    }
    return isRecording
  }

  private func takes(_ reason: Reason) -> Bool {
    switch mode {
    case .motion: reason != .continuous
    case .manual: reason == .manual
    case .continuous: false
    }
  }
}
