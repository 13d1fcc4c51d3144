/// A microphone that may be opened; as ``Camera``.
public protocol Microphone: Sendable {
  /// What the microphone is, for people and for matching consent; stable over restarts.
  var identity: SensorIdentity { get }

  /// Opens and starts the device. Blocks; called on the device's own thread.
  /// - Parameter observer: told what happens to the device while it is open, on the device's thread.
  /// - Throws: ``CaptureError``.
  func open(observer: @escaping SensorObserver) throws(CaptureError) -> any MicrophoneSession

  /// The same for sound that is only measured: no sample leaves the session.
  /// - Returns: nil where the microphone gives nothing but sound.
  /// - Throws: ``CaptureError``.
  func openLevels(observer: @escaping SensorObserver) throws(CaptureError) -> (any LevelSession)?
}

extension Microphone {
  /// A microphone that gives nothing but sound.
  /// - Throws: nothing here.
  public func openLevels(observer: @escaping SensorObserver) throws(CaptureError) -> (any LevelSession)? { nil }

  /// Opens the device with nobody told of events.
  /// - Throws: ``CaptureError``.
  public func open() throws(CaptureError) -> any MicrophoneSession { try open { _ in } }
}

/// An open microphone. All calls but ``interrupt()`` come from one thread.
public protocol MicrophoneSession: SensorSession {
  /// What the device answered.
  var format: AudioFormat { get }

  /// Waits for the next period, nil at the time-out or after ``interrupt()``.
  /// - Throws: ``CaptureError``.
  func next(timeout: Duration) throws(CaptureError) -> CapturedAudio?
}
