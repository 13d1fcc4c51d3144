internal import PumpkiiCapture
internal import PumpkiiSystem
internal import Synchronization

/// The part of a ``CameraReader`` that lives on its thread: opens, collects, hands out, closes.
final class ReaderCore: PollWork {
  /// What one consumer has not taken yet.
  typealias Box = Mailbox<CapturedFrame>

  private struct State {
    var session: (any CameraSession)?
    var boxes: [ObjectIdentifier: Box] = [:]
    var dropped = 0
    var error: CaptureError?
    var wantsOpen = false
    var isStopped = false
    var isAbandoned = false
  }

  /// The longest wait for a frame in one go: bounds how long a job waits where a session's interruption came too early.
  private static let patience = Duration.milliseconds(250)

  private let camera: any Camera
  private let observer: SensorObserver
  private let state = Mutex(State())

  init(_ camera: any Camera, observer: @escaping SensorObserver) {
    self.camera = camera
    self.observer = observer
  }

  var counters: CaptureCounters { state.withLock { $0.session }?.counters ?? CaptureCounters() }

  /// Frames that no consumer took in time, those of consumers that are gone included.
  var dropped: Int { state.withLock { state in state.boxes.values.reduce(state.dropped) { $0 + $1.dropped } } }

  /// On the thread.
  /// - Throws: ``CaptureError`` of the opening.
  func open() throws(CaptureError) -> VideoFormat {
    if let session = state.withLock({ $0.session }) { return session.format }
    let session = try camera.open(observer: observer)
    state.withLock { state in
      state.session = session
      state.error = nil
      state.isStopped = false
      state.wantsOpen = false
    }
    return session.format
  }

  /// On the thread: closes the device and ends all sequences.
  func stop() { finish(nil) }

  /// A consumer came: the device is opened if it is not.
  func add(_ box: Box) {
    let isOver = state.withLock { state in
      if state.isStopped { return true }
      state.boxes[ObjectIdentifier(box)] = box
      state.wantsOpen = true
      return false
    }
    if isOver { box.finish() }
  }

  /// A consumer went.
  func remove(_ box: Box) {
    state.withLock { state in
      if state.boxes.removeValue(forKey: ObjectIdentifier(box)) != nil { state.dropped += box.dropped }
    }
    box.finish()
  }

  /// Why the sequences ended; nil after ``stop()``.
  var error: CaptureError? { state.withLock { $0.error } }

  /// Nobody holds the reader or a sequence of it.
  func abandon() { state.withLock { $0.isAbandoned = true } }

  func step() -> Bool {
    let (session, isWanted, isAbandoned) = state.withLock { ($0.session, $0.wantsOpen, $0.isAbandoned) }
    if isAbandoned {
      finish(nil)
      return false
    }
    do throws(CaptureError) {
      if let session {
        if let frame = try session.next(timeout: Self.patience) { deliver(frame) }
      } else if isWanted {
        _ = try open()
      } else {
        return false
      }
    } catch {
      finish(error)
    }
    return true
  }

  func interrupt() { state.withLock { $0.session }?.interrupt() }

  private func deliver(_ frame: CapturedFrame) {
    var frame = frame
    // A lent buffer is good until the next call alone, and a consumer takes its time.
    frame.bytes = frame.contents
    frame.lent = nil
    for box in state.withLock({ Array($0.boxes.values) }) { box.put(frame) }
  }

  private func finish(_ error: CaptureError?) {
    let (session, boxes) = state.withLock { state in
      defer {
        state.session = nil
        state.wantsOpen = false
        state.isStopped = true
        state.error = error
        state.dropped += state.boxes.values.reduce(0) { $0 + $1.dropped }
        state.boxes = [:]
      }
      return (state.session, Array(state.boxes.values))
    }
    session?.close()
    for box in boxes { box.finish() }
  }
}
