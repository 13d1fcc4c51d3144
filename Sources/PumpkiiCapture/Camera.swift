/// An open sensor, whatever it captures.
package protocol SensorSession: AnyObject, Sendable {
  /// Makes a waiting `next(timeout:)` return at once. From any thread.
  func interrupt()

  /// Stops and closes the descriptor; a second call does nothing.
  /// - Returns: units (frames, or sample frames) the device made since it was opened, by its own numbers, those that
  ///   were lost or never collected included.
  @discardableResult
  func close() -> UInt64
}

/// A camera that may be opened. Having one opens nothing: only a lease calls ``open()``.
package protocol Camera: Sendable {
  /// What the camera is, for people and for matching consent; stable over restarts.
  var identity: SensorIdentity { get }

  /// Opens the device, negotiates and starts streaming. Blocks; called on the device's own thread.
  /// - Throws: ``CaptureError``.
  func open() throws(CaptureError) -> any CameraSession
}

/// An open camera. All calls but ``interrupt()`` come from one thread.
package protocol CameraSession: SensorSession {
  /// What the device answered, not what was asked of it.
  var format: VideoFormat { get }

  /// Waits for the next frame, nil at the time-out or after ``interrupt()``.
  /// - Throws: ``CaptureError``; after `gone` only ``close()`` may follow.
  func next(timeout: Duration) throws(CaptureError) -> CapturedFrame?
}

/// A microphone that may be opened; as ``Camera``.
package protocol Microphone: Sendable {
  var identity: SensorIdentity { get }

  /// Opens and starts the device. Blocks; called on the device's own thread.
  /// - Throws: ``CaptureError``.
  func open() throws(CaptureError) -> any MicrophoneSession
}

/// An open microphone. All calls but ``interrupt()`` come from one thread.
package protocol MicrophoneSession: SensorSession {
  var format: AudioFormat { get }

  /// Waits for the next period, nil at the time-out or after ``interrupt()``.
  /// - Throws: ``CaptureError``.
  func next(timeout: Duration) throws(CaptureError) -> CapturedAudio?
}
