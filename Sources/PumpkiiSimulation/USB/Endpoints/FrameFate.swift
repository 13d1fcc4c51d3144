/// What the faults of one frame come to.
struct FrameFate: Sendable, Equatable {
  /// The device stops here: unplugged or frozen.
  var stop: Fault?
  /// Controls are not answered from here on.
  var controlStall: Fault?
  /// The frame is not made at all: no step in the numbers, only a gap in time.
  var isSkipped = false
  /// The transfer that carries it fails.
  var fails = false
  /// The header says that it is damaged.
  var isError = false
  /// The privacy shutter is closed.
  var isShuttered = false
  /// ns by which the device's own time is off.
  var clockOffset: Int64 = 0
  /// What happens to its bytes, in order.
  var damage: [Fault.Kind] = []

  init(_ faults: [Fault], unit: UInt64) {
    for fault in faults {
      switch fault.kind {
      case .unplug, .freeze: stop = stop ?? fault
      case .controlStall: controlStall = fault
      case .stall: fails = true
      case .errorBit: isError = true
      case .shutter: isShuttered = true
      // Half the rate.
      case .rateDrop: isSkipped = isSkipped || unit % 2 == 1
      // The camera does nothing while it sleeps.
      case .suspend, .xrun: isSkipped = true
      // A frame without bytes: the driver counts it and hands nothing out.
      case .lose: damage.append(.empty)
      case .truncate, .empty, .noHuffman, .junk: damage.append(fault.kind)
      case .clockJump: clockOffset += fault.by
      }
    }
  }
}
