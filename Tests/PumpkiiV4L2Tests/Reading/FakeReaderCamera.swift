import Dispatch
import Glibc
import PumpkiiCapture
import Synchronization

/// A camera that does what a test says, when it says so.
final class FakeReaderCamera: Camera {
  let identity = SensorIdentity(kind: .camera, id: "fake", name: "fake")
  /// Open sessions.
  let open = Mutex(0)
  let openings = Mutex(0)
  /// Threads on which the device was opened, asked and closed.
  let threads = Mutex<Set<UInt>>([])
  private let gate: DispatchSemaphore?
  private let closing = DispatchSemaphore(value: 0)
  private let opening = DispatchSemaphore(value: 0)
  private let refusal = Mutex<CaptureError?>(nil)
  private let session = Mutex<FakeReaderSession?>(nil)

  /// - Parameter isSlow: opening blocks until ``letOpen()``.
  init(isSlow: Bool = false) { gate = isSlow ? DispatchSemaphore(value: 0) : nil }

  func letOpen() { gate?.signal() }
  func refuse(_ error: CaptureError?) { refusal.withLock { $0 = error } }

  func open(observer: @escaping SensorObserver) throws(CaptureError) -> any CameraSession {
    visit()
    openings.withLock { $0 += 1 }
    opening.signal()
    gate?.wait()
    if let error = refusal.withLock({ $0 }) { throw error }
    open.withLock { $0 += 1 }
    let session = FakeReaderSession(self)
    self.session.withLock { $0 = session }
    return session
  }

  func closed() {
    open.withLock { $0 -= 1 }
    session.withLock { $0 = nil }
    closing.signal()
  }

  func visit() { threads.withLock { _ = $0.insert(UInt(pthread_self())) } }

  /// The device makes a frame.
  func make(_ number: UInt32, lent: (any LentBuffer)? = nil) {
    session.withLock { $0 }?.put(.frame(CapturedFrame(sequence: number, timestamp: 0, bytes: [1], lent: lent)))
  }

  func fail(_ error: CaptureError) { session.withLock { $0 }?.put(.failure(error)) }

  /// Waits, on the caller's thread, until a session was closed.
  func waitForClosing() -> Bool { closing.wait(timeout: .now() + 30) == .success }
  func waitForOpening() -> Bool { opening.wait(timeout: .now() + 30) == .success }
}

final class FakeReaderSession: CameraSession {
  enum Item {
    case frame(CapturedFrame)
    case failure(CaptureError)
  }
  let format = VideoFormat(pixels: .mjpeg, width: 320, height: 180, rate: .init(30))
  private let camera: FakeReaderCamera
  private let items = Mutex<[Item]>([])
  private let bell = DispatchSemaphore(value: 0)
  private let isClosed = Mutex(false)

  init(_ camera: FakeReaderCamera) { self.camera = camera }

  func put(_ item: Item) {
    items.withLock { $0.append(item) }
    bell.signal()
  }

  var counters: CaptureCounters {
    var counters = CaptureCounters()
    counters.delivered = 77
    return counters
  }

  func interrupt() { bell.signal() }

  func next(timeout: Duration) throws(CaptureError) -> CapturedFrame? {
    camera.visit()
    _ = bell.wait(timeout: .now() + .milliseconds(Int(timeout / .milliseconds(1))))
    switch items.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) {
    case .frame(let frame): return frame
    case .failure(let error): throw error
    case nil: return nil
    }
  }

  func close() -> UInt64 {
    camera.visit()
    let isFirst = isClosed.withLock { isClosed in
      defer { isClosed = true }
      return !isClosed
    }
    if isFirst { camera.closed() }
    return 0
  }
}

/// A buffer that says when its bytes were copied.
final class FakeLentBuffer: LentBuffer {
  let copies = Mutex(0)
  let descriptors: [Int32] = []
  let used: [Int] = []
  func copy() -> [UInt8] {
    copies.withLock { $0 += 1 }
    return [7, 7]
  }
}
