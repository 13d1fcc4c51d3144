/// Why a unit (a video frame, a sample frame) that the device made never reached us, or was not used.
public enum CaptureLoss: String, Sendable, CaseIterable {
  /// A gap in the driver's own numbers: lost before us.
  case gap
  /// The driver gave the buffer with its error flag.
  case damaged
  /// A buffer without a byte, or of a raw frame that is too short.
  case short
  /// Too old when we came to it: left out to catch up with the present.
  case stale
  /// The time of a restart, a reopening or a reset: what the camera would have made meanwhile.
  case recovery
  /// The time in which a photo of another size was taken.
  case still
  /// The sound card overwrote samples nobody collected (EPIPE).
  case overrun
  /// The machine or the device slept (ESTRPIPE).
  case suspended
}

/// What an open sensor delivered and lost. Every unit the device made is in exactly one number.
public struct CaptureCounters: Sendable, Equatable {
  /// Units handed out by `next(timeout:)`.
  public var delivered: UInt64 = 0
  /// Units lost, by reason.
  public var lost: [CaptureLoss: UInt64] = [:]
  /// Rungs of the recovery ladder that were taken, by name (`restart`, `reopen`, `reset`, `reauthorize`, `recover`).
  public var recoveries: [String: UInt64] = [:]
  /// Buffers the driver did not take back.
  public var buffersLost: UInt64 = 0

  /// Nothing yet.
  public init() {}

  /// Counts `count` units as lost.
  public mutating func lose(_ reason: CaptureLoss, _ count: UInt64 = 1) {
    if count > 0 { lost[reason, default: 0] += count }
  }

  /// All units lost, whatever the reason.
  public var totalLost: UInt64 { lost.values.reduce(0, +) }
}
