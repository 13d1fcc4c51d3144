/// What happens to an open device besides its frames.
public enum SensorEvent: Sendable, Equatable {
  /// The privacy shutter (`V4L2_CID_PRIVACY`) closed or opened; frames may go on, black. Told once at opening where the
  /// device has one.
  case shutter(isClosed: Bool)
  /// An HDMI source went or came (`V4L2_EVENT_SOURCE_CHANGE`).
  case signal(isPresent: Bool)
  /// The session's format is another one from the next frame on.
  case formatChanged
  /// The device stopped giving frames and a rung of the ladder is tried: `restart`, `reopen`, `reset`, `reauthorize`.
  case recovering(rung: String, reason: String)
  /// Frames come again.
  case recovered
  /// A microphone has given nothing but zeros for some seconds, or no longer does.
  case silent(Bool)
  /// Clock drift of the device against CLOCK_MONOTONIC, in parts per million; positive when the device is fast.
  case drift(ppm: Double)
  /// A line for people: why this format was chosen, a control that could not be set. Never personal.
  case note(String)
}

/// Hears of events on the device's thread; must not block.
public typealias SensorObserver = @Sendable (SensorEvent) -> Void
