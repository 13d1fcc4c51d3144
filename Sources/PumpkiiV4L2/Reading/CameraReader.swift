public import PumpkiiCapture

/// A camera for Swift concurrency: an actor on a thread of its own, so that a device that blocks for five seconds holds up
/// nothing but itself.
///
/// ```swift
/// let directory = V4L2Directory()
/// guard let device = directory.list().first(where: \.isCamera) else { return }
/// let reader = CameraReader(V4L2Camera(device, wish: CameraWish(width: 1280, height: 720)))
/// let format = try await reader.start()
/// for try await frame in reader.frames(buffering: 2) {
///   show(frame.bytes, format)
/// }
/// ```
///
/// The device is open from ``start()``, or the first frame that is waited for, until ``stop()``, an error, or the moment
/// when nobody holds the reader or a sequence of it any more.
public actor CameraReader {
  private nonisolated let lifetime: ReaderLifetime

  /// A reader of one camera; opens nothing yet.
  /// - Parameter observer: told what happens to the device, on the device's thread.
  public init(_ camera: any Camera, observer: @escaping SensorObserver = { _ in }) {
    lifetime = ReaderLifetime(camera, observer: observer)
  }

  /// The device's own thread.
  public nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe lifetime.thread.asUnownedSerialExecutor() }

  /// Opens the device, or says what it answered when it was opened. After ``stop()`` or an error it may be called
  /// again; sequences made before stay ended.
  /// - Throws: ``CaptureError``.
  @discardableResult
  public func start() throws(CaptureError) -> VideoFormat { try lifetime.core.open() }

  /// Closes the device and ends all sequences.
  public func stop() { lifetime.core.stop() }

  /// What the device delivered and lost since it was opened; nothing while it is closed.
  public var counters: CaptureCounters { lifetime.core.counters }

  /// Frames that a sequence let go because nobody took them in time.
  public nonisolated var dropped: Int { lifetime.core.dropped }

  /// The frames from now on. Each iteration has a buffer of its own; when it is full the oldest frame goes, counted in
  /// ``dropped``, since a picture of now is worth more than one of then.
  /// - Parameter buffering: frames held at most.
  public nonisolated func frames(buffering: Int = 4) -> CameraFrames {
    CameraFrames(lifetime: lifetime, buffering: buffering)
  }
}

/// Whoever holds this keeps the device open; the last one closes it.
final class ReaderLifetime: Sendable {
  let thread = PollThread(name: "camera reader")
  let core: ReaderCore

  init(_ camera: any Camera, observer: @escaping SensorObserver) {
    core = ReaderCore(camera, observer: observer)
    thread.attach(core)
  }

  deinit {
    core.abandon()
    thread.end()
  }
}
