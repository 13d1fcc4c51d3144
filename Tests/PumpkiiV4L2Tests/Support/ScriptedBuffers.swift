import CPumpkiiV4L2
import PumpkiiV4L2

/// A buffer of a scripted driver.
struct ScriptedBuffer {
  enum State: Equatable {
    /// Ours to queue.
    case idle
    case queued
    case done
  }
  @safe struct Plane {
    var memory: UnsafeMutableRawPointer?
    var length: Int
    var offset: UInt32
    var used = 0
  }
  var planes: [Plane] = []
  var state = State.idle
  var flags: UInt32 = 0
  var sequence: UInt32 = 0
  var seconds = 0
  var microseconds = 0
  /// What DQBUF gives as the index, where it lies.
  var claimedIndex: UInt32?
  var claimedUsed: UInt32?
}

/// One queue (capture, output) of a scripted node.
struct ScriptedQueue {
  var buffers: [ScriptedBuffer] = []
  /// Indices in the order they were queued.
  var queued: [Int] = []
  /// Indices in the order they were filled.
  var done: [Int] = []
  var isStreaming = false
  var isFatal = false
  var memory: UInt32 = 1
}
