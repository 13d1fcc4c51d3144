internal import PumpkiiCapture

/// Turns a driver's wrapping sequence numbers into a count that starts at 0 when the device opens.
struct CameraPumpState {
  private var last: UInt32?
  private var count: UInt64 = 0

  init(format _: VideoFormat) {}

  /// The unit number of a frame; the numbers skipped before it are handed to `lost`.
  mutating func arrive(_ sequence: UInt32, lost: (UInt64) -> Void) -> UInt64 {
    let step = last.map { sequence &- $0 } ?? (sequence &+ 1)
    last = sequence
    // A driver may repeat or go back under load; such a frame is a new unit, not 2^32 lost ones.
    let ahead = step == 0 || step > 1 << 16 ? 1 : UInt64(step)
    for number in count..<count + ahead - 1 { lost(number) }
    count += ahead
    return count - 1
  }

  /// Units that the device made and nobody collected before it closed.
  mutating func drain(made: UInt64, _ lost: (UInt64) -> Void) {
    guard made > count else { return }
    for number in count..<made { lost(number) }
    count = made
  }
}
