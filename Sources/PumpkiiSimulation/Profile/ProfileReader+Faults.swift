internal import PumpkiiDocument

extension ProfileReader {
  private enum CameraFault: String, CaseIterable {
    case unplug, freeze, stall, lose, truncate
    case errorBit = "error_bit"
    case empty
    case noHuffman = "no_huffman"
    case junk, shutter
    case rateDrop = "rate_drop"
    case controlStall = "control_stall"
    case clockJump = "clock_jump"
  }
  private enum MicrophoneFault: String, CaseIterable {
    case unplug, freeze, lose, xrun, suspend
    case clockJump = "clock_jump"
  }
  enum Sensor {
    case camera
    case microphone
  }

  func faults(_ keys: DocumentReader, of sensor: Sensor) throws(DocumentError) -> [Fault] {
    var faults: [Fault] = []
    for entry in try keys.maps("faults", limit: 64) ?? [] {
      let name =
        switch sensor {
        case .camera: try entry.requiredEnumeration("kind", as: CameraFault.self).rawValue
        case .microphone: try entry.requiredEnumeration("kind", as: MicrophoneFault.self).rawValue
        }
      guard let kind = Fault.Kind(rawValue: name) else { continue }
      let fault = try fault(entry, kind, unit: sensor == .camera ? "frame" : "period")
      // Without keys it is a stand-in, read for its keys alone.
      if !entry.keys.isEmpty { faults.append(fault) }
    }
    return faults
  }

  private func fault(_ entry: DocumentReader, _ kind: Fault.Kind, unit: String) throws(DocumentError) -> Fault {
    let trigger = try trigger(entry, unit: unit)
    let count = try entry.int("\(unit)s", in: 1...1_000_000_000)
    let length = try Self.nanoseconds(entry, "for_ms", in: 1...3_600_000)
    let opening = try entry.int("opening", in: 0...1_000_000)
    let back = try Self.nanoseconds(entry, "back_after_ms", in: 0...3_600_000)
    let by = try entry.double("by_ms", in: -10_000...10_000)
    let isTimed = if case .time = trigger { true } else { false }
    if count != nil, isTimed { try entry.refuse("\(unit)s", "belongs to at_\(unit) or chance; after at_ms say for_ms") }
    if length != nil, !isTimed, kind != .controlStall {
      try entry.refuse("for_ms", "belongs to at_ms or a control_stall; here say \(unit)s")
    }
    if case .chance = trigger {
      if let count, count > FaultScript.longestBurst {
        try entry.refuse("\(unit)s", "at most \(FaultScript.longestBurst) where chance begins it")
      }
      if kind == .rateDrop { try entry.refuse("chance", "a rate drops at_\(unit) or at_ms, not by chance") }
    }
    if back != nil, kind != .unplug { try entry.refuse("back_after_ms", "belongs to a fault of kind unplug") }
    if (by != nil) != (kind == .clockJump), !entry.keys.isEmpty {
      try entry.refuse(by == nil ? "kind" : "by_ms", "clock_jump and by_ms belong together")
    }
    return Fault(
      kind, when: trigger, count: count.map(UInt64.init), length: length, opening: opening ?? 1, backAfter: back,
      by: Int64(((by ?? 0) * 1_000_000).rounded()))
  }

  private func trigger(_ entry: DocumentReader, unit: String) throws(DocumentError) -> Fault.Trigger {
    let at = try entry.int("at_\(unit)", in: 0...1_000_000_000)
    let time = try Self.nanoseconds(entry, "at_ms", in: 0...86_400_000)
    let chance = try entry.double("chance", in: 0...1)
    let given = ["at_\(unit)", "at_ms", "chance"].filter(entry.has)
    if given.count > 1 { try entry.refuse(given[1], "one of at_\(unit), at_ms and chance, not \(given.count)") }
    if given.isEmpty, !entry.keys.isEmpty { try entry.refuse(nil, "needs at_\(unit), at_ms or chance") }
    if let time { return .time(time) }
    if let chance { return .chance(chance) }
    return .unit(UInt64(at ?? 0))
  }
}
