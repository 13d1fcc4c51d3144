package import PumpkiiPolicy
internal import Synchronization

/// Tells the recorder what is allowed, and has it wipe when a sensor or recording is withdrawn (E5, E6): also when the
/// other sensor goes on.
package final class RecordingGuard: Sendable {
  private static let guarded: [Flag] = [.sensorCamera, .sensorMicrophone, .recordLocal]

  private let gate: Gate
  private let recorder: Recorder
  private let held = Mutex<Set<Flag>>([])
  /// Asking and telling are one step: an answer from before a change must not be told after it.
  private let turn = Mutex<Void>(())

  package init(gate: Gate, recorder: Recorder) {
    self.gate = gate
    self.recorder = recorder
  }

  /// What is allowed may have changed; what is withdrawn is wiped when this returns.
  package func refresh() { turn.withLock { _ in ask() } }

  private func ask() {
    let now = Set(Self.guarded.filter { gate.denial(.keepQueue, $0) == nil })
    let isWithdrawn = held.withLock { held in
      defer { held = now }
      return !held.isSubset(of: now)
    }
    if isWithdrawn { recorder.wipe() }
    allow()
  }

  /// A sensor was closed: what was on its way while its permission went is wiped as well.
  package func closed(_ sensor: Flag) {
    turn.withLock { _ in
      guard gate.denial(.keepQueue, sensor) != nil else { return }
      recorder.wipe()
      allow()
    }
  }

  private func allow() {
    recorder.allowed(upload: gate.mayUpload([]))
    recorder.allowed(record: gate.denial(.record, .recordLocal) == nil)
  }
}
