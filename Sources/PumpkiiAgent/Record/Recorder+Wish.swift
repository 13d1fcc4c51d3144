internal import PumpkiiSystem
internal import Synchronization

// What somebody on the board wishes.
extension Recorder {
  /// What comes of a wish for a clip.
  package enum Wish: Sendable, Equatable {
    /// Recording is not allowed now.
    case denied
    /// A clip begins with the next picture or sound.
    case begins
    /// A clip is open, and goes on as long as was wished; its number, once it is on the disk.
    case goesOn(UInt64?)
    /// Everything is recorded without a wish; the clip that is open, if there is one.
    case always(UInt64?)
  }

  /// Somebody wants what happens now to be kept.
  /// - Parameter length: how long, in ns; nil is the post-roll.
  package func wish(for length: UInt64?) -> Wish {
    let now = clock()
    let (open, mode) = (report.value.openClip, settings.mode)
    return state.withLock { state in
      guard state.isAllowed else { return .denied }
      let isRecording = state.machine.isRecording
      guard mode != .continuous else { return .always(isRecording ? open : nil) }
      state.machine.trigger(.manual, for: length, now: now)
      return isRecording ? .goesOn(open) : .begins
    }
  }
}
