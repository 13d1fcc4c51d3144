package import PumpkiiWire

/// Ledger entries in words, for people.
package enum AuditWords {
  /// One sentence, without the time.
  /// - Parameter person: who it is about; nil where that cannot be said any more.
  package static func sentence(_ record: AuditRecord, person: AuditPerson?) -> String {
    switch record {
    case .consent(let consent): sentence(consent, person)
    case .erased(let row): "an account was erased; its name in row \(row.hex.prefix(8)) cannot be read any more"
    case .healed(let bytes, _): "the last write had been cut off; \(bytes) bytes of half an entry were removed"
    case .pruned(let through, _): "entries up to \(through) were dropped for their age"
    case .began: "the agent began"
    case .ended: "the agent ended"
    case .opened(let sensor): "the \(name(sensor)) was opened"
    case .closed(let sensor, let reason): "the \(name(sensor)) was closed: \(words(reason))"
    case .admitted(_, let classes):
      "\(who(person)) may decrypt \(classes.classes.map(\.name).joined(separator: ", ")) from now on"
    case .cut: "\(who(person)) gets no more keys"
    case .denials(_, let rows): "denied: " + rows.map(row).joined(separator: "; ")
    case .paused(let origin): "paused by \(words(origin))"
    case .resumed(let origin): "resumed by \(words(origin))"
    case .clipRecorded(let number): "clip \(number) was recorded"
    case .clipWiped(let number, let reason): "clip \(number) was wiped: \(words(reason))"
    case .indicator(let sensors): "the indicator shows " + shown(sensors)
    case .indicatorFailed(let name): "the indicator's output \(name) does not work"
    case .killSwitch(let isThrown): "the kill switch was \(isThrown ? "thrown" : "released")"
    case .folded(let count): "\(count) more entries found no room"
    }
  }

  /// The name of a kind, for programs.
  package static func name(_ record: AuditRecord) -> String {
    switch record {
    case .consent(let consent): "consent.\(consent.act)"
    case .erased: "erased"
    case .healed: "healed"
    case .pruned: "pruned"
    case .began: "began"
    case .ended: "ended"
    case .opened: "opened"
    case .closed: "closed"
    case .admitted: "admitted"
    case .cut: "cut"
    case .denials: "denials"
    case .paused: "paused"
    case .resumed: "resumed"
    case .clipRecorded: "clip_recorded"
    case .clipWiped: "clip_wiped"
    case .indicator: "indicator"
    case .indicatorFailed: "indicator_failed"
    case .killSwitch: "kill_switch"
    case .folded: "folded"
    }
  }

  static func who(_ person: AuditPerson?) -> String {
    guard let person else { return "an account that was erased" }
    return "account \(person.account.hex.prefix(8)) by client \(person.client.hex.prefix(8))"
  }

  private static func row(_ row: AuditRecord.Denials) -> String {
    "\(row.flag) at \(row.point) by \(row.layer.isEmpty ? "no layer" : "the layer \(row.layer)") \(row.count) times"
  }

  package static func name(_ sensor: AuditRecord.Sensor) -> String { sensor == .camera ? "camera" : "microphone" }

  private static func shown(_ sensors: UInt8) -> String {
    ["that nothing is open", "the camera open", "the microphone open", "camera and microphone open"][Int(sensors & 3)]
  }

  static func words(_ origin: ConsentRecord.Origin) -> String {
    switch origin {
    case .owner: "the owner"
    case .guest: "a guest"
    case .board: "somebody at the board"
    case .ceiling: "the board's configuration file"
    case .device: "the device itself"
    }
  }

  private static func words(_ reason: AuditRecord.Closing) -> String {
    switch reason {
    case .unwanted: "nobody wants it"
    case .denied: "it was denied"
    case .failed: "it failed"
    case .ended: "the agent ended"
    }
  }

  private static func words(_ reason: AuditRecord.Wiping) -> String {
    switch reason {
    case .retention: "it was older or larger than the owner lets it be"
    case .denied: "it was denied"
    case .asked: "somebody asked for it"
    }
  }
}
