public import PumpkiiCapture
internal import PumpkiiSystem

/// The frames of a ``CameraReader``.
public struct CameraFrames: AsyncSequence, Sendable {
  /// What it gives.
  public typealias Element = CapturedFrame
  /// Why it ends before its time.
  public typealias Failure = CaptureError

  let lifetime: ReaderLifetime
  let buffering: Int

  /// Begins to collect; opens the device if it is not.
  public func makeAsyncIterator() -> Iterator { Iterator(Subscription(lifetime, buffering: buffering)) }

  /// One consumer's place in the stream.
  public struct Iterator: AsyncIteratorProtocol {
    private let subscription: Subscription

    init(_ subscription: Subscription) { self.subscription = subscription }

    /// The next frame; nil after ``CameraReader/stop()``, or when the task is cancelled.
    /// - Throws: ``CaptureError`` that ended the capture.
    public mutating func next() async throws(CaptureError) -> CapturedFrame? {
      try await next(isolation: nil)
    }

    /// As ``next()``.
    /// - Throws: ``CaptureError`` that ended the capture.
    public mutating func next(isolation actor: isolated (any Actor)?) async throws(CaptureError) -> CapturedFrame? {
      if let frame = await subscription.box.next() { return frame }
      if !Task.isCancelled, let error = subscription.lifetime.core.error { throw error }
      return nil
    }
  }

  /// In the list of consumers for as long as an iterator holds it.
  final class Subscription: Sendable {
    let lifetime: ReaderLifetime
    let box: ReaderCore.Box

    init(_ lifetime: ReaderLifetime, buffering: Int) {
      self.lifetime = lifetime
      box = ReaderCore.Box(capacity: buffering)
      lifetime.core.add(box)
      lifetime.thread.wake()
    }

    deinit { lifetime.core.remove(box) }
  }
}
