import PumpkiiCapture
import Synchronization

/// Hears a device's events.
final class Witness: Sendable {
  private let heard = Mutex<[SensorEvent]>([])

  var events: [SensorEvent] { heard.withLock { $0 } }
  var observer: SensorObserver { { event in self.heard.withLock { $0.append(event) } } }

  var silences: [Bool] {
    events.compactMap { if case .silent(let isSilent) = $0 { isSilent } else { nil } }
  }
  var recoveries: [String] {
    events.compactMap { if case .recovering(_, let reason) = $0 { reason } else { nil } }
  }
  var notes: [String] { events.compactMap { if case .note(let text) = $0 { text } else { nil } } }
}

/// Periods until `frames` sample frames are there.
func collect(_ session: any MicrophoneSession, frames: Int) throws -> [CapturedAudio] {
  var periods: [CapturedAudio] = []
  var got = 0
  while got < frames {
    guard let period = try session.next(timeout: .seconds(20)) else { break }
    periods.append(period)
    got += period.samples.count / session.format.channels
  }
  return periods
}

/// ns from one instant to the next, as most of them say.
func middleStep(_ times: [UInt64]) -> Double {
  let steps = zip(times, times.dropFirst()).map { Double($1) - Double($0) }.sorted()
  return steps.isEmpty ? 0 : steps[steps.count / 2]
}
