internal import Glibc

/// What a failed call on a PCM means, and what is done about it.
package enum PCMTrouble: Sendable, Equatable {
  /// Nothing yet: wait again.
  case again
  /// The buffer was full and the card stopped (EPIPE): prepare and start.
  case overrun
  /// The machine slept (ESTRPIPE): resume, else prepare and start.
  case suspended
  /// It stands ready but does not run (EBADFD after somebody's reset): prepare and start.
  case stopped
  /// Unplugged.
  case gone
  /// Nothing that is known; prepared and started again, within the bound.
  case failed(Int32)

  /// Reads an error of readi, poll, prepare or start.
  /// - Parameters:
  ///   - error: −errno, or 0 where poll alone told of trouble.
  ///   - state: the PCM's state after it, which decides where the errno does not.
  package init(error: Int32, state: PCMState) {
    if state == .disconnected {
      self = .gone
      return
    }
    switch -error {
    case EPIPE: self = state == .suspended ? .suspended : .overrun
    case ESTRPIPE: self = .suspended
    case ENODEV, ENXIO, ESHUTDOWN, ENOENT: self = .gone
    case EAGAIN, EINTR, 0, EBADFD: self = Self(state, isAgain: error != -EBADFD)
    default: self = .failed(-error)
    }
  }

  private init(_ state: PCMState, isAgain: Bool) {
    switch state {
    case .overrun: self = .overrun
    case .suspended: self = .suspended
    case .open, .setup, .prepared: self = .stopped
    case .running, .other, .disconnected: self = isAgain ? .again : .stopped
    }
  }

  /// A line for people.
  package var reason: String {
    switch self {
    case .again: "the microphone has nothing yet"
    case .overrun: "the sound card overwrote samples nobody collected in time"
    case .suspended: "the machine or the sound card slept"
    case .stopped: "the sound card stood still"
    case .gone: "the microphone was unplugged"
    case .failed(let number): "the sound card failed (errno \(number))"
    }
  }
}
