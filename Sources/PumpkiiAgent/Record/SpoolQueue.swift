internal import PumpkiiSystem
package import PumpkiiVault
internal import PumpkiiWire
internal import Synchronization

/// One step for the thread that writes clips.
package enum SpoolStep: Sendable {
  /// A new clip; the open one, if there is one, was ended before. `mayLeave`: all of it was made while the relay might
  /// have it.
  case begin(mayLeave: Bool)
  case message(KeyMessage)
  /// `isBoundary`: the clip may go on from here after a loss.
  case object(RecordedObject, isBoundary: Bool)
  case end
  /// The relay may not have the open clip any more.
  case stay
  /// Remove the open clip.
  case discard
  /// Hold retention's bounds.
  case sweep

  fileprivate var isSweep: Bool { if case .sweep = self { true } else { false } }

  fileprivate var byteCount: Int {
    switch self {
    case .object(let object, _): object.byteCount
    case .message(let message): message.head.bytes.count + message.entries.reduce(0) { $0 + $1.count }
    case .begin, .end, .stay, .discard, .sweep: 0
    }
  }
}

/// What waits for the disk, between the threads that seal and the one that writes. Bounded by bytes and by items.
///
/// The loss rule: when either bound is reached the clip loses objects up to the next boundary that fits; inits,
/// ends, key messages and the steps themselves are not lost, as there are few of them in what a bounded ring and a
/// camera make.
package final class SpoolQueue: Sendable {
  private struct State {
    var steps: [SpoolStep] = []
    var byteCount = 0
    var isLosing = false
    var lost = 0
    var finished = false
    var offered: UInt64 = 0
    var lacksClip = false
  }

  private let state = Mutex(State())
  private let signal = ThreadSignal()
  private let written = Published<UInt64>(0)
  private let bytes: Int
  private let items: Int

  package init(bytes: Int, items: Int) {
    self.bytes = bytes
    self.items = items
  }

  /// Objects lost to the bounds, or dropped by ``drop()``.
  package var lost: Int { state.withLock { $0.lost } }

  /// The disk took no clip: another is to begin at the next boundary, in case there is room by then.
  package var lacksClip: Bool { state.withLock { $0.lacksClip } }

  /// The writing thread could not begin the clip.
  func begunNone() { state.withLock { $0.lacksClip = true } }

  /// Offers one step; never waits.
  package func offer(_ step: SpoolStep) {
    let isFirst = state.withLock { state in
      if case .object(let object, let isBoundary) = step, object.isMedia {
        let fits = state.byteCount + object.byteCount <= bytes && state.steps.count < items
        if !fits || (state.isLosing && !isBoundary) {
          state.isLosing = true
          state.lost += 1
          return false
        }
        state.isLosing = false
      }
      if case .begin = step { state.lacksClip = false }
      // One that waits is enough: a disk that hangs must not gather them.
      if case .sweep = step, state.steps.contains(where: \.isSweep) { return false }
      state.steps.append(step)
      state.byteCount += step.byteCount
      state.offered += 1
      return state.steps.count == 1
    }
    if isFirst { signal.raise() }
  }

  /// Drops what waits of the clip that is open at the end of the queue: all of it, or what follows its beginning.
  /// Letting it go overwrites it.
  /// - Returns: whether the clip's beginning was among it, so that there is nothing to discard, and the bytes.
  package func drop() -> (hadBegun: Bool, bytes: Int) {
    let (hadBegun, bytes, steps) = state.withLock { state in
      let begin = state.steps.lastIndex { if case .begin = $0 { true } else { false } }
      var bytes = 0
      let dropped = state.steps[(begin ?? 0)...].count
      for case .object(let object, _) in state.steps[(begin ?? 0)...] {
        bytes += object.byteCount
        state.lost += 1
      }
      state.steps.removeLast(dropped)
      state.byteCount = state.steps.reduce(0) { $0 + $1.byteCount }
      return (begin != nil, bytes, dropped)
    }
    wrote(steps)
    return (hadBegun, bytes)
  }

  /// Nothing follows; what waits is still given out.
  package func finish() {
    state.withLock { $0.finished = true }
    signal.raise()
  }

  /// Everything that waits, as soon as something does; nil after ``finish()``. Blocks: for the writing thread alone.
  package func take() -> [SpoolStep]? {
    while true {
      let (steps, finished) = state.withLock { state in
        defer {
          state.steps = []
          state.byteCount = 0
        }
        return (state.steps, state.finished)
      }
      if !steps.isEmpty { return steps }
      if finished { return nil }
      signal.wait()
    }
  }

  /// The writing thread has done so many more steps.
  func wrote(_ count: Int) { written.update { $0 += UInt64(count) } }

  /// Waits until everything that was offered so far is on the disk, or lost; false when the task was cancelled.
  package func settle() async -> Bool {
    let target = state.withLock { $0.offered }
    return await written.wait { $0 >= target }
  }
}
