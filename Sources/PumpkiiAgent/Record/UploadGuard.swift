internal import PumpkiiSystem
package import PumpkiiWire
internal import Synchronization

/// Notices that the upload of a class was withdrawn while clips of it waited, however shortly (E7), so that these go
/// where the owner wishes it. What a restart forgets stays on the device.
package final class UploadGuard: Sendable {
  /// What was withdrawn, for clips up to a number.
  package struct Loss: Sendable, Equatable {
    package let classes: ClassMask
    package let last: UInt64
  }

  private struct State {
    var held: ClassMask = []
    var losses: [Loss] = []
  }

  /// Events are no recording of a sensor's: without their flag their clips wait.
  private static let guarded: [MediaClass] = [.video, .audio, .photo]
  private let spool: Spool
  private let mayUpload: @Sendable (ClassMask) -> Bool
  private let state = Mutex(State())
  /// Asking and noting are one step: an older answer noted last would hide the next withdrawal.
  private let turn = Mutex<Void>(())

  package init(spool: Spool, mayUpload: @escaping @Sendable (ClassMask) -> Bool) {
    self.spool = spool
    self.mayUpload = mayUpload
    refresh()
  }

  /// What is allowed may have changed.
  package func refresh() { turn.withLock { _ in look() } }

  private func look() {
    let now = ClassMask(classes: Self.guarded.filter { mayUpload(ClassMask($0)) })
    let last = spool.clips.last?.number ?? 0
    state.withLock { state in
      let lost = state.held.subtracting(now)
      state.held = now
      // One loss at a time: the last covers what came before it.
      guard !lost.isEmpty else { return }
      state.losses.removeAll { $0.classes == lost }
      state.losses.append(Loss(classes: lost, last: last))
    }
  }

  /// What was withdrawn since it was asked last.
  func take() -> [Loss] {
    state.withLock { state in
      defer { state.losses = [] }
      return state.losses
    }
  }
}
