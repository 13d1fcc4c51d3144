/// What happens to one frame of a scripted camera, or at its time.
enum ScriptedFault: Equatable {
  /// The driver drops it: its number is missing.
  case lose
  /// ERROR flag, data and number as usual.
  case errorFlag
  /// A USB stall: every queued buffer comes back with ERROR, no byte, number 0, time 0.
  case stall
  /// No byte.
  case empty
  /// So many bytes of it.
  case short(Int)
  /// `bytesused` is larger than the buffer.
  case oversized
  /// `index` is none of ours.
  case badIndex
  /// From here on no frame, until a rung of the ladder, or for ever.
  case freeze(until: ScriptedRung)
  /// vb2's fatal error: poll says ERR, QBUF and DQBUF say EIO, until STREAMOFF.
  case fatal
  /// The camera goes.
  case unplug
  /// The shutter closes or opens.
  case privacy(Bool)
  /// The HDMI source changes: its timings are these from now on.
  case source(ScriptedTimings)
  /// Its timestamp lies so many ns in the future.
  case future(UInt64)
  /// Its timestamp, raw.
  case time(seconds: Int, microseconds: Int)
  /// Its number is this one, and counting goes on from there.
  case sequence(UInt32)
  /// The next QBUFs are refused with EINVAL, so many.
  case refuseBuffers(Int)
  /// The rate becomes that many frames per second from here on (dark).
  case rate(Double)
}

enum ScriptedRung: Int, Comparable {
  case restart
  case reopen
  case reset
  case reauthorize
  case never
  static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

enum ScriptedTimings: Equatable {
  case present(width: UInt32, height: UInt32)
  /// QUERY_DV_TIMINGS answers so.
  case absent(Int32)
}

/// A control of a scripted node.
struct ScriptedControl {
  var id: UInt32
  var name: String
  var type: UInt32 = 1
  var minimum: Int32 = 0
  var maximum: Int32 = 255
  var step: Int32 = 1
  var standard: Int32 = 128
  var flags: UInt32 = 0
  var value: Int32 = 128
  /// Names of a menu's entries; nil leaves a gap.
  var menu: [String?] = []
  /// What is kept of a value that is set; cameras clamp and round.
  var keeps: @Sendable (Int32) -> Int32 = { $0 }
  /// What a subscription read and the next question gets, as uvcvideo does it.
  var remembered: Int32?
}
