/// The faults of one opening: those of the script, and those that somebody performs while it runs.
struct UnitFaults: Sendable {
  private let script: FaultScript
  private var performed: [(first: UInt64, fault: Fault)] = []

  /// - Parameter waiting: were performed before the opening; they begin with its first unit.
  init(_ script: FaultScript, waiting: [Fault], unitLength: UInt64) {
    self.script = script
    for fault in waiting { perform(fault, from: 0, unitLength: unitLength) }
  }

  /// What befalls a unit.
  /// - Parameter elapsed: ns from opening to the unit's instant.
  func of(_ unit: UInt64, at elapsed: UInt64) -> [Fault] {
    script.actions(of: unit, at: elapsed)
      + performed.filter { unit >= $0.first && unit - $0.first < $0.fault.count }.map(\.fault)
  }

  /// A fault begins, whatever its trigger says; one that lasts a time lasts as many units.
  mutating func perform(_ fault: Fault, from unit: UInt64, unitLength: UInt64) {
    var fault = fault
    if case .time = fault.trigger { fault.count = max(fault.length / max(unitLength, 1), 1) }
    fault.trigger = .unit(unit)
    performed.append((unit, fault))
  }

  /// Forgets what ended before a unit.
  mutating func forget(before unit: UInt64) {
    performed.removeAll { unit >= $0.first && unit - $0.first >= $0.fault.count }
  }
}

extension Fault.Kind {
  /// A state that goes on from unit to unit, rather than a unit that is bad.
  var lasts: Bool {
    switch self {
    case .unplug, .freeze, .shutter, .rateDrop, .controlStall, .xrun, .suspend, .clockJump: true
    case .stall, .lose, .truncate, .errorBit, .empty, .noHuffman, .junk: false
    }
  }
}
