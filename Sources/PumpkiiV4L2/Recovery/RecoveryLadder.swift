/// What is tried with a camera that gives no frames, in which order, how often, and with what pauses. Pure: the session
/// says what happened and does what it is told.
package struct RecoveryLadder: Sendable, Equatable {
  /// A remedy; each is harder than the one before.
  package enum Rung: String, Sendable, CaseIterable, Comparable {
    /// STREAMOFF and STREAMON with new buffers.
    case restart
    /// Close and open again, wherever the camera is now.
    case reopen
    /// Reset of the USB port; the microphone of the same device goes, too.
    case reset
    /// Taken from its drivers and given back.
    case reauthorize

    /// In the order of the ladder.
    package static func < (left: Rung, right: Rung) -> Bool { left.position < right.position }
    private var position: Int { Self.allCases.firstIndex(of: self) ?? 0 }
  }

  /// One try.
  package struct Step: Sendable, Equatable {
    /// What to do.
    package var rung: Rung
    /// ns to wait before.
    package var pause: UInt64

    /// A step.
    package init(_ rung: Rung, pause: UInt64) {
      self.rung = rung
      self.pause = pause
    }
  }

  /// ns of frames after which a recovery is over and the ladder begins at its foot again.
  package static let steadyAfter: UInt64 = 10_000_000_000

  private let steps: [Step]
  private var next = 0
  private var healthySince: UInt64?
  /// True from a step until the first frame after it.
  package private(set) var isWaiting = false

  /// A ladder; only a USB device has the upper rungs.
  package init(isUSB: Bool) {
    let millisecond: UInt64 = 1_000_000
    var steps = [
      Step(.restart, pause: 0), Step(.restart, pause: 500 * millisecond), Step(.reopen, pause: 500 * millisecond),
      Step(.reopen, pause: 1000 * millisecond),
    ]
    if isUSB {
      steps += [Step(.reset, pause: 1000 * millisecond), Step(.reauthorize, pause: 2000 * millisecond)]
    }
    self.steps = steps
  }

  /// The camera gives no frames, or the step before did not help.
  /// - Parameter lowest: the rungs below it are known not to help.
  /// - Returns: what to try; nil when everything was.
  package mutating func failed(at now: UInt64, lowest: Rung = .restart) -> Step? {
    if let since = healthySince, now >= since, now - since >= Self.steadyAfter { next = 0 }
    healthySince = nil
    while next < steps.count, steps[next].rung < lowest { next += 1 }
    guard next < steps.count else { return nil }
    defer { next += 1 }
    isWaiting = true
    return steps[next]
  }

  /// A good frame came.
  /// - Returns: true where it is the first after a step.
  package mutating func frameCame(at now: UInt64) -> Bool {
    if healthySince == nil { healthySince = now }
    defer { isWaiting = false }
    return isWaiting
  }
}
