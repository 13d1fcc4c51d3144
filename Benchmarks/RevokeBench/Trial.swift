internal import PumpkiiClient
internal import PumpkiiDemo

/// What one withdrawal took, from the instant at which the device had accepted it. Nil where nothing had to end.
struct Trial: Encodable {
  let what: Withdrawal
  /// Sealed objects that hold something newer than the acceptance, the most of any track.
  var sealedObjects = 0
  /// ms to the last of them.
  var sealed = 0.0
  /// ms to the closed descriptor, the later of two; nil where none had to close.
  var closed: Double?
  /// ms to the last object that a viewer opened of what was withdrawn; 0 when that was before.
  var opened: Double?
  /// ms to the end of the guest's line; nil where it stays.
  var cut: Double?
  /// What went on in the second before.
  var load = Load()

  struct Load: Encodable {
    var live = false
    var recording = false
    var photo = false
  }

  /// - Parameters:
  ///   - lines: the agent's ledger, from before the withdrawal to after everything had ended.
  ///   - viewers: who had to stop.
  ///   - thrown: Unix µs at which a switch was thrown.
  ///   - newEpoch: the first that a revoked guest has no key of.
  /// - Throws: ``BenchError`` when the device never accepted it, or a sensor never closed.
  init(
    _ what: Withdrawal, lines: [LedgerLine], viewers: [Sight.Record], guest: Sight.Record, thrown: UInt64,
    newEpoch: UInt32?
  ) throws {
    self.what = what
    let accepted = try Self.acceptance(of: what, lines, thrown)
    let units = lines.filter { $0.event == "unit" && $0.outcome == "sealed" }
    measureSealing(units, accepted, newEpoch)
    try measureClosing(lines, accepted)
    if !what.kinds.isEmpty {
      let openings = viewers.flatMap(\.openings).filter { opening in
        what.kinds.contains(opening.kind) && opening.epoch < newEpoch ?? .max
      }
      opened = Self.milliseconds(openings.map(\.time).max() ?? 0, since: accepted)
      load.photo = guest.openings.contains { $0.kind == .photo }
    }
    if what == .revocation {
      // The relay, which carries the revocation, may cut before the device has it.
      guard let end = guest.cuts.first else {
        throw BenchError("the guest was never cut; it says: \(guest.end ?? "nothing")")
      }
      cut = Self.milliseconds(end, since: accepted)
    }
    let before = units.filter { $0.time.map { $0 < accepted } ?? false }
    load.live = before.contains { $0.uses?.contains("live") == true }
    load.recording = before.contains { $0.uses?.contains("record") == true }
  }

  private static func acceptance(of what: Withdrawal, _ lines: [LedgerLine], _ thrown: UInt64) throws -> UInt64 {
    if what == .killSwitch { return thrown }
    let acceptance = lines.first { line in
      if what == .terms { return line.event == "terms" && line.allow == false }
      return what.flag.map { line.event == "flag" && line.flag == $0 && line.allow == false }
        ?? (line.event == "revocation")
    }
    guard let time = acceptance?.time else { throw BenchError("the device never accepted \(what.rawValue)") }
    return time
  }

  private mutating func measureSealing(_ units: [LedgerLine], _ accepted: UInt64, _ newEpoch: UInt32?) {
    let (tracks, use) = what.tracks
    var objects: [String: Set<ObjectName>] = [:]
    for unit in units {
      guard let time = unit.time, time > accepted, let track = unit.track, tracks.contains(track),
        let object = unit.object, use.map({ unit.uses?.contains($0) == true }) ?? true,
        object.epoch < newEpoch ?? .max
      else { continue }
      objects[track, default: []].insert(object)
      sealed = max(sealed, Self.milliseconds(time, since: accepted))
    }
    sealedObjects = objects.values.map(\.count).max() ?? 0
  }

  private mutating func measureClosing(_ lines: [LedgerLine], _ accepted: UInt64) throws {
    for sensor in what.sensors {
      let closing = lines.first { line in
        line.event == "closed" && line.sensor == sensor && line.time.map { $0 >= accepted } ?? false
      }
      guard let time = closing?.time else { throw BenchError("\(what.rawValue): the \(sensor) never closed") }
      closed = max(closed ?? 0, Self.milliseconds(time, since: accepted))
    }
  }

  private static func milliseconds(_ time: UInt64, since accepted: UInt64) -> Double {
    time > accepted ? Double(time - accepted) / 1000 : 0
  }
}
