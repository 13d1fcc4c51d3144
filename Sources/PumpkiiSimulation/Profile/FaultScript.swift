/// The faults of one opening, as a function: what befalls a unit depends on its number, its time and the seed, and on
/// nothing that was asked before. The in-process fake and the emulated webcam play the same one.
struct FaultScript: Sendable {
  private struct Line {
    var fault: Fault
    /// Of this line alone, so that lines do not roll the same dice.
    var random: SeededRandom
  }

  /// Longest burst of a fault that chance begins: so many dice are thrown for each unit.
  static let longestBurst: UInt64 = 1000
  private let lines: [Line]

  /// - Parameters:
  ///   - opening: from 1.
  ///   - seed: of the device.
  init(_ faults: [Fault], opening: Int, seed: UInt64) {
    lines = faults.enumerated().compactMap { index, fault in
      guard fault.opening == 0 || fault.opening == opening else { return nil }
      let stream = UInt64(truncatingIfNeeded: opening) << 16 | UInt64(index & 0xFF) << 8 | 4
      return Line(fault: fault, random: SeededRandom(seed: seed, stream: stream))
    }
  }

  /// True where nothing ever goes wrong.
  var isEmpty: Bool { lines.isEmpty }

  /// What befalls a unit, in the order of the profile. A fault that stops the device, or has no end, is named for every
  /// unit from its first on.
  /// - Parameter elapsed: ns from opening to the unit's instant.
  func actions(of unit: UInt64, at elapsed: UInt64) -> [Fault] {
    lines.isEmpty ? [] : lines.filter { Self.befalls($0, unit, elapsed) }.map(\.fault)
  }

  /// The faults that begin at a unit or a time.
  var scheduled: [Fault] { lines.map(\.fault).filter { if case .chance = $0.trigger { false } else { true } } }

  /// The faults that chance begins, and that stop the device, of one unit.
  func accidents(at unit: UInt64) -> [Fault] {
    lines.filter { line in
      guard line.fault.kind.stops, case .chance = line.fault.trigger else { return false }
      return Self.begins(line, unit)
    }.map(\.fault)
  }

  private static func befalls(_ line: Line, _ unit: UInt64, _ elapsed: UInt64) -> Bool {
    let fault = line.fault
    switch fault.trigger {
    case .unit(let first): return unit >= first && unit - first < fault.count
    case .time(let first):
      let length = fault.kind == .controlStall ? .max : fault.length
      return elapsed >= first && elapsed - first < length
    case .chance:
      let back = min(min(max(fault.count, 1), longestBurst) - 1, unit)
      return (unit - back...unit).contains { begins(line, $0) }
    }
  }

  private static func begins(_ line: Line, _ unit: UInt64) -> Bool {
    guard case .chance(let probability) = line.fault.trigger else { return false }
    return line.random.unit(unit) < probability
  }
}

extension FaultScript {
  /// The fault that ends this opening, nil for none.
  var stop: Fault? { scheduled.filter(\.kind.stops).min { $0.firstUnit < $1.firstUnit } }

  /// What befalls a unit, in the order of the profile.
  func faults(of unit: UInt64) -> [Fault.Kind] { actions(of: unit, at: 0).map(\.kind) }
}

extension Fault {
  var firstUnit: UInt64 { if case .unit(let first) = trigger { first } else { .max } }
}
