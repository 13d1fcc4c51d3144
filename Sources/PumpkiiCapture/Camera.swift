/// An open sensor, whatever it captures.
public protocol SensorSession: AnyObject, Sendable {
  /// Makes a waiting `next(timeout:)` return at once. From any thread.
  func interrupt()

  /// Stops and closes the descriptor; a second call does nothing.
  /// - Returns: units (frames, or sample frames) the device made since it was opened, by its own numbers, those that
  ///   were lost or never collected included.
  @discardableResult
  func close() -> UInt64

  /// What was delivered and what was lost since the device was opened, by reason. From any thread.
  var counters: CaptureCounters { get }
}

/// A camera that may be opened. Having one opens nothing: only a lease calls ``open(observer:)``.
public protocol Camera: Sendable {
  /// What the camera is, for people and for matching consent; stable over restarts.
  var identity: SensorIdentity { get }

  /// Opens the device, negotiates and starts streaming. Blocks; called on the device's own thread.
  /// - Parameter observer: told what happens to the device while it is open, on the device's thread.
  /// - Throws: ``CaptureError``.
  func open(observer: @escaping SensorObserver) throws(CaptureError) -> any CameraSession

  /// Looks at the privacy shutter without streaming: whether it is closed, nil where there is none or it cannot be
  /// told. For a camera that a closed shutter keeps closed. Blocks; called on a thread of its own.
  func readShutter() -> Bool?
}

extension Camera {
  /// A camera without a shutter that can be read.
  public func readShutter() -> Bool? { nil }

  /// Opens the device with nobody told of events.
  /// - Throws: ``CaptureError``.
  public func open() throws(CaptureError) -> any CameraSession { try open { _ in } }
}

/// An open camera. All calls but ``interrupt()`` come from one thread.
public protocol CameraSession: SensorSession {
  /// What the device answered, not what was asked of it. Changes when an HDMI source does, after
  /// ``SensorEvent/formatChanged``.
  var format: VideoFormat { get }

  /// Waits for the next frame, nil at the time-out or after ``interrupt()``.
  /// - Throws: ``CaptureError``; after `gone` only ``close()`` may follow.
  func next(timeout: Duration) throws(CaptureError) -> CapturedFrame?

  /// Takes one picture of the largest size the camera has, where that is larger than the stream's: streaming stops for
  /// it, and the frames that are missing are counted as ``CaptureLoss/still``. Blocks for seconds at worst.
  /// - Returns: nil where the stream's frames are as large as any.
  /// - Throws: ``CaptureError`` when the stream could not be taken up again.
  func takeStill() throws(CaptureError) -> CapturedStill?
}

extension CameraSession {
  /// A camera with one size has no larger picture.
  /// - Throws: nothing here.
  public func takeStill() throws(CaptureError) -> CapturedStill? { nil }
}
