import Glibc
import PumpkiiCapture

/// A microphone whose reader does not come to it for a while, as on a machine that is busy.
struct StallingMicrophone: Microphone {
  let base: any Microphone
  /// Raised for the reader to stay away.
  let away: Flag
  /// Raised for it to come back.
  let back: Flag

  var identity: SensorIdentity { base.identity }

  func open(observer: @escaping SensorObserver) throws(CaptureError) -> any MicrophoneSession {
    Session(base: try base.open(observer: observer), away: away, back: back)
  }

  private final class Session: MicrophoneSession {
    private let base: any MicrophoneSession
    private let away: Flag
    private let back: Flag

    init(base: any MicrophoneSession, away: Flag, back: Flag) {
      self.base = base
      self.away = away
      self.back = back
    }

    var format: AudioFormat { base.format }
    var counters: CaptureCounters { base.counters }
    func interrupt() { base.interrupt() }
    func close() -> UInt64 { base.close() }

    func next(timeout: Duration) throws(CaptureError) -> CapturedAudio? {
      // A scenario that failed must be able to close it.
      for _ in 0..<6000 where away.isRaised && !back.isRaised { usleep(10_000) }
      return try base.next(timeout: timeout)
    }
  }
}
