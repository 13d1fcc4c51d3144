import Glibc
import PumpkiiCapture
import Synchronization

/// A camera whose reader does not come to it for a while, as on a machine that is busy.
struct StallingCamera: Camera {
  let base: any Camera
  /// The call at which the reader stays away.
  let at: Int
  /// Raised when it comes back.
  let until: Flag

  var identity: SensorIdentity { base.identity }

  func open(observer: @escaping SensorObserver) throws(CaptureError) -> any CameraSession {
    Session(base: try base.open(observer: observer), at: at, until: until)
  }

  private final class Session: CameraSession {
    private let base: any CameraSession
    private let at: Int
    private let until: Flag
    private let calls = Atomic(0)

    init(base: any CameraSession, at: Int, until: Flag) {
      self.base = base
      self.at = at
      self.until = until
    }

    var format: VideoFormat { base.format }
    var counters: CaptureCounters { base.counters }
    func interrupt() { base.interrupt() }
    func close() -> UInt64 { base.close() }
    func takeStill() throws(CaptureError) -> CapturedStill? { try base.takeStill() }

    func next(timeout: Duration) throws(CaptureError) -> CapturedFrame? {
      let frame = try base.next(timeout: timeout)
      if frame != nil, calls.add(1, ordering: .relaxed).newValue == at {
        while !until.isRaised { usleep(10_000) }
      }
      return frame
    }
  }
}
