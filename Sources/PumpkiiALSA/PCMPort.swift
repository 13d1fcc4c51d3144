/// An open capture PCM: alsa-lib's, or a test's. Confined to one thread. Results are those of the calls, or −errno.
package protocol PCMPort: AnyObject {
  /// What was negotiated.
  var shape: PCMShape { get }
  /// The state machine's state, as alsa-lib counts it.
  var state: PCMState { get }

  /// Waits until a period is there, something is wrong, or `waker` is raised, which is taken down.
  func wait(milliseconds: Int32, waker: Int32) -> PCMReadiness
  /// How many frames wait, and when that was so.
  func position() -> PCMPosition
  /// Frames between the microphone and the buffer that ``position()`` does not count.
  func latency() -> Int
  /// Reads up to `frames` frames.
  func read(_ target: UnsafeMutableRawPointer, frames: Int) -> Int
  /// Makes it ready to start.
  func prepare() -> Int32
  /// Starts; a capture stream under poll never does so by itself.
  func start() -> Int32
  /// Goes on after a suspend.
  func resume() -> Int32
  /// CLOCK_MONOTONIC in ns.
  func now() -> UInt64
  /// Stands still between two tries.
  func pause(milliseconds: Int32)
  /// Releases the device.
  func close()
}

/// `snd_pcm_state_t`.
package enum PCMState: Sendable, Equatable {
  /// Opened, not set up.
  case open
  /// Set up, not prepared.
  case setup
  /// Ready to start.
  case prepared
  /// Capturing.
  case running
  /// Stopped: the buffer was full.
  case overrun
  /// Stopped: the machine sleeps.
  case suspended
  /// The device is gone.
  case disconnected
  /// Anything else.
  case other
}

/// What a wait ended with.
package struct PCMReadiness: Sendable, Equatable {
  /// Somebody interrupted it.
  package var isWoken = false
  /// A period can be read.
  package var hasSound = false
  /// An error is to be had by reading.
  package var hasTrouble = false
  /// −errno of the wait itself, else 0.
  package var error: Int32 = 0

  /// A time-out.
  package init(isWoken: Bool = false, hasSound: Bool = false, hasTrouble: Bool = false, error: Int32 = 0) {
    self.isWoken = isWoken
    self.hasSound = hasSound
    self.hasTrouble = hasTrouble
    self.error = error
  }
}

/// Where the device is.
package struct PCMPosition: Sendable, Equatable {
  /// Frames that wait to be read; −errno where it cannot be said.
  package var available: Int
  /// CLOCK_MONOTONIC in ns at which that was so; nil where the device keeps no time.
  package var stamp: UInt64?

  /// A position.
  package init(available: Int, stamp: UInt64?) {
    self.available = available
    self.stamp = stamp
  }
}
