/// The faults of one opening, as a function: what befalls a unit depends on its number, its time and the seed, and on
/// nothing that was asked before. The in-process fake and the emulated webcam play the same one.
package struct FaultScript: Sendable {
  private struct Line {
    var fault: Fault
    /// Of this line alone, so that lines do not roll the same dice.
    var random: SeededRandom
  }

  /// Longest burst of a fault that chance begins: so many dice are thrown for each unit.
  static let longestBurst: UInt64 = 1000
  private let lines: [Line]

  /// The script of one opening.
  /// - Parameters:
  ///   - opening: from 1.
  ///   - seed: of the device.
  package init(_ faults: [Fault], opening: Int, seed: UInt64) {
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
  package func actions(of unit: UInt64, at elapsed: UInt64) -> [Fault] {
    lines.isEmpty ? [] : lines.filter { Self.befalls($0, unit, elapsed) }.map(\.fault)
  }

  /// The faults that begin at a unit or a time.
  var scheduled: [Fault] { lines.map(\.fault).filter { if case .chance = $0.trigger { false } else { true } } }

  /// Whether chance may stop the device.
  var hasAccidents: Bool {
    lines.contains { if case .chance = $0.fault.trigger { $0.fault.kind.stops } else { false } }
  }

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
  /// How the rate drops, for a device that makes a unit every `period` ns, the first one `start` ns after opening.
  func tempo(period: Double, start: UInt64) -> Tempo {
    var slow: [Range<UInt64>] = []
    // One after the other: where a time's unit lies depends on the drops before it.
    for fault in scheduled where fault.kind == .rateDrop {
      let range: Range<UInt64>
      switch fault.trigger {
      case .unit(let first): range = first..<first + min(max(fault.count, 1), 1 << 40)
      case .time(let time):
        let before = Double(time > start ? time - start : 0) / period
        let first = Tempo(slow: slow).unit(after: before.rounded(.up))
        range = first..<first + UInt64(max(min(Double(fault.length), 1e18) / period / 2, 1))
      case .chance: continue
      }
      slow = Self.merge(slow + [range])
    }
    return Tempo(slow: slow)
  }

  private static func merge(_ ranges: [Range<UInt64>]) -> [Range<UInt64>] {
    ranges.sorted { $0.lowerBound < $1.lowerBound }.reduce(into: []) { merged, range in
      if let last = merged.last, last.upperBound >= range.lowerBound {
        merged[merged.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        merged.append(range)
      }
    }
  }
}
