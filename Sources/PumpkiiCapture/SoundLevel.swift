/// How loud a stretch of sound was; no sample of it is kept.
public struct SoundLevel: Sendable, Equatable {
  /// CLOCK_MONOTONIC in ns of its beginning.
  public var timestamp: UInt64
  /// ns.
  public var duration: UInt64
  /// Root mean square in dBFS (0 is full scale, −120 silence).
  public var rms: Double
  /// Largest sample in dBFS.
  public var peak: Double

  /// A level.
  public init(timestamp: UInt64, duration: UInt64, rms: Double, peak: Double) {
    self.timestamp = timestamp
    self.duration = duration
    self.rms = rms
    self.peak = peak
  }
}

/// An open microphone of which nothing but the level is handed out.
public protocol LevelSession: SensorSession {
  /// Waits for the level of the next 100 ms, nil at the time-out or after ``interrupt()``.
  /// - Throws: ``CaptureError``.
  func next(timeout: Duration) throws(CaptureError) -> SoundLevel?
}
