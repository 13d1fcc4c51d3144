package import PumpkiiPolicy
package import PumpkiiSystem
internal import Synchronization

/// What became of the clips' way to the relay: why one may not go, or does not arrive. Each denial (E7) counts once a clip,
/// whether it came before the upload began or cut it. Bounded by the clips of the device.
package final class UploadBook: Sendable {
  package enum Trouble: Sendable, Equatable {
    /// It goes when it may.
    case denied(Decision)
    /// The relay does not want it; it is asked again at the next start, or when somebody releases the clip.
    case refused(String)
    /// It is tried again.
    case failed(String)
  }

  private struct State {
    var troubles: [UInt64: Trouble] = [:]
    /// How often in a row the upload of a clip failed.
    var failures: [UInt64: Int] = [:]
    /// Clips whose present denial is counted, or is none of this run's.
    var counted = ClipMarks()
  }

  /// Counts up when a clip is to be tried that was not.
  package let changes = Published<UInt64>(0)
  private let count: @Sendable (Decision) -> Void
  private let state: Mutex<State>

  /// - Parameters:
  ///   - highest: the highest clip of the runs before. That those wait is no denial of this run; that their upload is cut is.
  ///   - count: takes each denial; must not wait.
  package init(highest: UInt64 = 0, count: @escaping @Sendable (Decision) -> Void = { _ in }) {
    self.count = count
    var state = State()
    if highest > 0 { state.counted.insert(1...highest) }
    self.state = Mutex(state)
  }

  /// Why a clip is not at the relay, as far as somebody tried; nil when nothing stood in its way.
  package func trouble(of number: UInt64) -> Trouble? { state.withLock { $0.troubles[number] } }

  /// The clip's upload begins: it was allowed.
  func began(_ number: UInt64) {
    state.withLock { state in
      state.counted.remove(number)
      if case .denied = state.troubles[number] { state.troubles[number] = nil }
    }
  }

  /// The clip may not go, or no further.
  package func denied(_ number: UInt64, _ decision: Decision) {
    let isNews = state.withLock { state in
      state.troubles[number] = .denied(decision)
      defer { state.counted.insert(number) }
      return !state.counted.contains(number)
    }
    if isNews { count(decision) }
  }

  func failed(_ number: UInt64, _ reason: String, isTransient: Bool) {
    state.withLock { state in
      state.troubles[number] = isTransient ? .failed(reason) : .refused(reason)
      state.failures[number, default: 0] += 1
    }
  }

  func stored(_ number: UInt64) {
    state.withLock { state in
      state.troubles[number] = nil
      state.failures[number] = nil
    }
  }

  func isRefused(_ number: UInt64) -> Bool { if case .refused = trouble(of: number) { true } else { false } }

  /// Somebody wants these clips at the relay: what it refused is asked anew; nil is all of them.
  package func again(_ numbers: [UInt64]?) {
    state.withLock { state in
      for number in numbers ?? Array(state.troubles.keys) {
        if case .refused = state.troubles[number] { state.troubles[number] = nil }
      }
    }
    changes.update { $0 &+= 1 }
  }

  /// In the order in which they are tried: those that failed least first, so that one that never arrives holds up no other.
  func order(_ clips: [SpooledClip]) -> [SpooledClip] {
    state.withLock { state in
      let present = Set(clips.map(\.number))
      state.troubles = state.troubles.filter { present.contains($0.key) }
      state.failures = state.failures.filter { present.contains($0.key) }
      guard !state.failures.isEmpty else { return clips }
      return clips.sorted {
        (state.failures[$0.number] ?? 0, $0.number) < (state.failures[$1.number] ?? 0, $1.number)
      }
    }
  }
}
