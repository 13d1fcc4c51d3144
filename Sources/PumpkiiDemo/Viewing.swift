/// What became of the sealed units on their way to one guest: written by the relay, opened by the viewer, or lost.
struct Viewing {
  private(set) var faults: [String] = []
  private let heldEpochs: Set<UInt32>
  private let queueLost: Set<ObjectName>
  /// Silence alone: sealed, and no unit's.
  private let filled: Set<ObjectName>
  private let delivered: Set<ObjectName>
  /// How often the viewer opened each chunk; more than once is a fault of somebody's replay protection.
  private let opened: [ObjectName: Int]
  private let classes: [ObjectName: String]
  /// The units opened, by track, in the order of sealing.
  private(set) var openedUnits: [String: [DemoAccounting.Unit]] = [:]

  init(_ ledger: Ledger, viewer: String?) {
    queueLost = Set(ledger.lines("agent", "queue_lost").compactMap(\.object))
    filled = Set(ledger.lines("agent", "filled").compactMap(\.object))
    delivered = Set(
      ledger.lines("relay", "delivered").filter { Self.isSame($0.viewer, viewer) }.compactMap(\.object))
    if !ledger.lines("relay", "ledger-lost").isEmpty { faults.append("the relay's ledger has lost lines") }
    let opens = ledger.lines("viewer", "opened").filter { $0.kind == "chunk" }
    opened = opens.compactMap(\.object).reduce(into: [:]) { $0[$1, default: 0] += 1 }
    classes = opens.reduce(into: [:]) { result, line in
      if let object = line.object { result[object] = line.mediaClass }
    }
    heldEpochs = Set(ledger.lines("viewer", "epoch").compactMap(\.epoch)).union(opened.keys.map(\.epoch))
  }

  /// The relay writes the beginning of an id; that is enough among a demonstration's few.
  private static func isSame(_ written: String?, _ viewer: String?) -> Bool {
    guard let viewer, let written else { return viewer == nil }
    return viewer.hasPrefix(written) || written.hasPrefix(viewer)
  }

  /// Counts `units`, in the order of sealing, from the first object the guest opened to the last under an epoch it
  /// held.
  mutating func account(_ units: [UnitTally.Sealed], of name: String, in track: inout DemoSummary.Track) {
    let sealed = Set(units.map(\.object))
    for object in opened.keys.filter({ classes[$0] == name }).sorted(by: { $0.description < $1.description }) {
      if !sealed.contains(object), !filled.contains(object) {
        faults.append("\(name): the viewer opened \(object), which the agent never sealed")
      }
      if !delivered.contains(object) {
        faults.append("\(name): the viewer opened \(object), which the relay never wrote")
      }
    }
    guard let first = units.firstIndex(where: { opened[$0.object] != nil }),
      let last = units.lastIndex(where: { heldEpochs.contains($0.object.epoch) }), first <= last
    else { return }
    for unit in units[first...last] { count(unit.object, in: &track) }
    openedUnits[name] = units[first...last].filter { opened[$0.object] != nil }.map(\.unit)
  }

  private func count(_ object: ObjectName, in track: inout DemoSummary.Track) {
    track.watched += 1
    track.opened += UInt64(opened[object] ?? 0)
    if opened[object] == nil { track.lost += 1 }
    if delivered.contains(object) { track.delivered += 1 }
    // Each place tells on its own; a unit lost in one and seen in a later one breaks the sum.
    if queueLost.contains(object) {
      track.lostBy.agentQueue += 1
    } else if !delivered.contains(object) {
      track.lostBy.relay += 1
    } else if opened[object] == nil {
      track.lostBy.viewer += 1
    }
  }
}
