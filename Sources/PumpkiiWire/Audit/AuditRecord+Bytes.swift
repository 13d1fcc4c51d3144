extension AuditRecord {
  /// The u8 that stands before each kind.
  private enum Kind: UInt8 {
    case consent = 1
    case erased, healed, pruned, began, ended, opened, closed, admitted, cut, denials, paused, resumed
    case clipRecorded, clipWiped, indicator, indicatorFailed, killSwitch, folded
  }

  private var kind: Kind {
    switch self {
    case .consent: .consent
    case .erased: .erased
    case .healed: .healed
    case .pruned: .pruned
    case .began: .began
    case .ended: .ended
    case .opened: .opened
    case .closed: .closed
    case .admitted: .admitted
    case .cut: .cut
    case .denials: .denials
    case .paused: .paused
    case .resumed: .resumed
    case .clipRecorded: .clipRecorded
    case .clipWiped: .clipWiped
    case .indicator: .indicator
    case .indicatorFailed: .indicatorFailed
    case .killSwitch: .killSwitch
    case .folded: .folded
    }
  }

  func write(to writer: inout ByteWriter) {
    writer.write(kind.rawValue)
    switch self {
    case .began, .ended: break
    case .consent(let record): record.write(to: &writer)
    case .erased(let row): writer.write(row)
    case .healed(let bytes, let hash):
      writer.write(bytes)
      writer.write(hash)
    case .pruned(let number, let head):
      writer.write(number)
      writer.write(head)
    case .opened(let sensor): writer.write(sensor.rawValue)
    case .closed(let sensor, let reason):
      writer.write(sensor.rawValue)
      writer.write(reason.rawValue)
    case .admitted(let person, let classes):
      person.write(to: &writer)
      writer.write(classes.rawValue)
    case .cut(let person): person.write(to: &writer)
    case .denials(let since, let rows): Self.write(since, rows, to: &writer)
    case .paused(let origin), .resumed(let origin): writer.write(origin.rawValue)
    case .clipRecorded(let number): writer.write(number)
    case .clipWiped(let number, let reason):
      writer.write(number)
      writer.write(reason.rawValue)
    case .indicator(let sensors): writer.write(sensors)
    case .indicatorFailed(let name): writer.writeText(name)
    case .killSwitch(let isThrown): writer.write(isThrown ? UInt8(1) : 0)
    case .folded(let count): writer.write(count)
    }
  }

  init(_ reader: inout ByteReader) throws(WireError) {
    let kind: Kind = try reader.readCase("ledger record")
    switch kind {
    case .began: self = .began
    case .ended: self = .ended
    case .consent: self = .consent(try ConsentRecord(&reader))
    case .erased: self = .erased(try reader.read("row id"))
    case .healed: self = .healed(bytes: try reader.read("bytes"), hash: try reader.read("hash"))
    case .pruned: self = .pruned(through: try reader.read("number"), head: try reader.read("head"))
    case .opened: self = .opened(try reader.readCase("sensor"))
    case .closed: self = .closed(try reader.readCase("sensor"), try reader.readCase("reason"))
    case .admitted: self = .admitted(try SealedPerson(&reader), try Self.classes(&reader))
    case .cut: self = .cut(try SealedPerson(&reader))
    case .denials: self = try Self.denials(&reader)
    case .paused: self = .paused(try reader.readCase("origin"))
    case .resumed: self = .resumed(try reader.readCase("origin"))
    case .clipRecorded: self = .clipRecorded(try reader.read("clip number"))
    case .clipWiped: self = .clipWiped(try reader.read("clip number"), try reader.readCase("reason"))
    case .indicator: self = .indicator(try Self.sensors(&reader))
    case .indicatorFailed: self = .indicatorFailed(try reader.readText("output"))
    case .killSwitch: self = .killSwitch(isThrown: try reader.readTruth("kill switch"))
    case .folded: self = .folded(try reader.read("entries"))
    }
  }

  private static func write(_ since: UInt64, _ rows: [Denials], to writer: inout ByteWriter) {
    writer.write(since)
    writer.write(UInt8(clamping: rows.count))
    for row in rows.prefix(WireLimits.denialRows) {
      writer.writeText(row.flag)
      writer.writeText(row.point)
      writer.writeText(row.layer)
      writer.write(row.count)
    }
  }

  private static func denials(_ reader: inout ByteReader) throws(WireError) -> AuditRecord {
    let since: UInt64 = try reader.read("since")
    let count = try Int(reader.read(UInt8.self, "denials"))
    guard count <= WireLimits.denialRows else { throw WireError(.overLimit, "denials") }
    var rows: [Denials] = []
    for _ in 0..<count {
      rows.append(
        Denials(
          flag: try reader.readText("flag"), point: try reader.readText("point"),
          layer: try reader.readText("layer"), count: try reader.read("count")))
    }
    return .denials(since: since, rows)
  }

  private static func classes(_ reader: inout ByteReader) throws(WireError) -> ClassMask {
    let classes = try ClassMask(rawValue: reader.read("classes"))
    guard classes.isSubset(of: .all) else { throw WireError(.unknownValue, "classes") }
    return classes
  }

  private static func sensors(_ reader: inout ByteReader) throws(WireError) -> UInt8 {
    let sensors: UInt8 = try reader.read("sensors")
    guard sensors <= 3 else { throw WireError(.unknownValue, "sensors") }
    return sensors
  }
}
