/// What narrows the flags of a ``PolicyDocument`` further: times, known devices, a pause. Nothing in it allows
/// anything.
///
/// On the wire it follows the flags, and a document without conditions ends with its flags: count u8 and, ascending by
/// kind and each kind once, kind u8, length u16, body (`docs/protocol.md` §9).
package struct PolicyConditions: Sendable, Equatable {
  /// One line of the schedule: its flags hold from `from` to `to` on each of `days`, by the clock of ``zone``.
  package struct Window: Sendable, Equatable {
    /// Flags by name, ascending, each once.
    package var flags: [String]
    /// Bit 0 is Monday, bit 6 Sunday; the day on which the window begins.
    package var days: UInt8
    /// Minute of the day, 0 to 1439.
    package var from: UInt16
    /// Minute of the day, 0 to 1440, exclusive; at or before ``from`` it is on the day after.
    package var to: UInt16

    package init(flags: [String], days: UInt8, from: UInt16, to: UInt16) {
      self.flags = flags.sorted()
      self.days = days
      self.from = from
      self.to = to
    }
  }

  /// A sensor that the owner confirmed: another one in its place is denied.
  package struct Device: Sendable, Equatable {
    /// 1 a camera, 2 a microphone.
    package var sensor: UInt8
    /// SHA-256 of identity and capabilities, as `pumpkii status --board` prints it.
    package var fingerprint: Digest

    package init(sensor: UInt8, fingerprint: Digest) {
      self.sensor = sensor
      self.fingerprint = fingerprint
    }
  }

  /// A name of the zone database, as `Europe/Berlin`; empty without windows.
  package var zone = ""
  /// At most 64. A flag that no window names holds at all times.
  package var windows: [Window] = []
  /// Ascending by sensor, one each.
  package var devices: [Device] = []
  /// Everything is denied for as long as this stands; the flags stay what they are.
  package var isPaused = false

  package init() {}

  /// Nothing narrows.
  package var isEmpty: Bool { self == PolicyConditions() }
}

extension PolicyConditions {
  private enum Kind: UInt8 {
    case schedule = 1
    case devices = 2
    case pause = 3
  }

  /// Windows of a document.
  private static let windowLimit = 64

  func write(to writer: inout ByteWriter) {
    var parts: [(Kind, [UInt8])] = []
    if !windows.isEmpty { parts.append((.schedule, scheduleBody)) }
    if !devices.isEmpty { parts.append((.devices, devices.flatMap { [$0.sensor] + $0.fingerprint.bytes })) }
    if isPaused { parts.append((.pause, [])) }
    guard !parts.isEmpty else { return }
    writer.write(UInt8(parts.count))
    for (kind, body) in parts {
      writer.write(kind.rawValue)
      writer.writeShort(body)
    }
  }

  private var scheduleBody: [UInt8] {
    var writer = ByteWriter()
    writer.writeText(zone)
    writer.write(UInt8(windows.count))
    for window in windows {
      writer.write(window.days)
      writer.write(window.from)
      writer.write(window.to)
      writer.write(UInt8(window.flags.count))
      for flag in window.flags { writer.writeText(flag) }
    }
    return writer.bytes
  }

  /// Reads what is left of a document; nothing left is no condition.
  /// - Throws: ``WireError``, also for a kind that nobody knows: what it would narrow must not be lost.
  init(rest reader: inout ByteReader) throws(WireError) {
    guard reader.remaining > 0 else { return }
    let count: UInt8 = try reader.read("conditions")
    guard count > 0 else { throw WireError(.unknownValue, "conditions") }
    var last: UInt8 = 0
    for _ in 0..<count {
      let number: UInt8 = try reader.read("condition")
      guard let kind = Kind(rawValue: number) else { throw WireError(.unknownValue, "condition") }
      guard number > last else { throw WireError(.order, "conditions") }
      last = number
      var body = ByteReader(try reader.readShort("condition"))
      switch kind {
      case .schedule: try readSchedule(&body)
      case .devices: try readDevices(&body)
      case .pause: isPaused = true
      }
      try body.finish("condition")
    }
  }

  private mutating func readSchedule(_ reader: inout ByteReader) throws(WireError) {
    zone = try reader.readText("zone")
    guard !zone.isEmpty else { throw WireError(.unknownValue, "zone") }
    let count = try Int(reader.read(UInt8.self, "windows"))
    guard count > 0 else { throw WireError(.unknownValue, "windows") }
    guard count <= Self.windowLimit else { throw WireError(.overLimit, "windows") }
    for _ in 0..<count { windows.append(try Self.window(&reader)) }
  }

  private static func window(_ reader: inout ByteReader) throws(WireError) -> Window {
    let days: UInt8 = try reader.read("days")
    guard days > 0, days < 1 << 7 else { throw WireError(.unknownValue, "days") }
    let from: UInt16 = try reader.read("from")
    let to: UInt16 = try reader.read("to")
    guard from < 1440, to <= 1440 else { throw WireError(.unknownValue, "minute of the day") }
    let count: UInt8 = try reader.read("flags of a window")
    guard count > 0 else { throw WireError(.unknownValue, "flags of a window") }
    var flags: [String] = []
    for _ in 0..<count {
      let flag = try reader.readText("flag")
      if let last = flags.last, last >= flag { throw WireError(.order, "flags of a window") }
      flags.append(flag)
    }
    return Window(flags: flags, days: days, from: from, to: to)
  }

  private mutating func readDevices(_ reader: inout ByteReader) throws(WireError) {
    repeat {
      let sensor: UInt8 = try reader.read("sensor")
      guard sensor == 1 || sensor == 2 else { throw WireError(.unknownValue, "sensor") }
      if let last = devices.last, last.sensor >= sensor { throw WireError(.order, "devices") }
      devices.append(Device(sensor: sensor, fingerprint: try reader.read("fingerprint")))
    } while reader.remaining > 0
  }
}
