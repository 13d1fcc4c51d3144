internal import CPumpkiiV4L2
internal import Glibc

/// Goes through a driver's controls. One that does not answer would end the driver's own list, as its number is not
/// known then; the walk goes on behind the next number that V4L2 has given out.
struct ControlWalk {
  private static let mostControls = 1024
  /// Each may take five seconds.
  private static let mostTimeouts = 2
  /// User controls and camera controls: what cameras have.
  private static let known: [UInt32] =
    Array(UInt32(V4L2_CID_BASE)...(UInt32(V4L2_CID_BASE) + 43))
    + Array((UInt32(V4L2_CID_CAMERA_CLASS_BASE) + 1)...(UInt32(V4L2_CID_CAMERA_CLASS_BASE) + 40))

  let handle: V4L2Handle
  private var found: [ControlDescription] = []
  private var timeouts = 0
  private var last: UInt32 = 0

  init(_ handle: V4L2Handle) { self.handle = handle }

  /// Without headings and disabled controls, in the order of their numbers.
  mutating func controls() -> [ControlDescription] {
    walk: for _ in 0..<Self.mostControls {
      switch handle.queryControl(last, afterwards: true) {
      case .control(let control):
        // A driver whose numbers do not grow would be walked for ever.
        guard control.id > last else { break walk }
        last = control.id
        found.append(control)
      case .problem(EINVAL) where last == 0 && found.isEmpty:
        // No control, or a driver too old to list them.
        Self.known.forEach { ask($0) }
        break walk
      case .problem(let errno):
        guard stepsOver(errno) else { break walk }
      }
    }
    return found.filter { $0.flags & UInt32(V4L2_CTRL_FLAG_DISABLED) == 0 && !V4L2Handle.isHeading($0.id) }
  }

  private mutating func stepsOver(_ errno: Int32) -> Bool {
    if errno == ETIMEDOUT { timeouts += 1 }
    let isEnd = errno == EINVAL || errno == ENOTTY || errno == ENODEV
    guard !isEnd, timeouts < Self.mostTimeouts, let next = Self.known.first(where: { $0 > last }) else { return false }
    last = next
    ask(next)
    return true
  }

  private mutating func ask(_ id: UInt32) {
    guard timeouts < Self.mostTimeouts else { return }
    switch handle.queryControl(id) {
    case .control(let control): found.append(control)
    case .problem(let errno): if errno == ETIMEDOUT { timeouts += 1 }
    }
  }
}
