import Foundation
import PumpkiiPolicy

/// What a zone's wall clock shows, as zdump reads it, and schedules taken at their word minute by minute.
struct WallClock {
  private let zone: ZoneDump

  init(_ name: String) throws { zone = try ZoneDump(name) }

  func transition(after second: Int64) -> Int64? { zone.transition(after: second) }

  func isInside(_ entries: [Schedule.Entry], at instant: UInt64) -> Bool {
    let second = Int64(instant / 1_000_000)
    let wall = second + zone.offset(at: second)
    let (day, minute) = (Int((wall / 86_400 + 3) % 7), Int(wall % 86_400 / 60))
    return entries.contains { entry in
      let (today, yesterday) = (has(entry, day), has(entry, (day + 6) % 7))
      if entry.to > entry.from { return today && minute >= entry.from && minute < entry.to }
      return today && minute >= entry.from || yesterday && minute < entry.to
    }
  }

  /// The first whole minute after an instant with another answer.
  func firstChange(_ entries: [Schedule.Entry], after start: UInt64, from isInside: Bool, days: Int) -> UInt64? {
    let first = start / 60_000_000 + 1
    return (first..<first + UInt64(days * 1440)).lazy.map { $0 * 60_000_000 }
      .first { self.isInside(entries, at: $0) != isInside }
  }

  private func has(_ entry: Schedule.Entry, _ day: Int) -> Bool { entry.days.rawValue & (1 << UInt8(day)) != 0 }
}

/// Zones of the machine's own database.
enum ZoneFile {
  struct NotRead: Error {}

  static func bytes(_ name: String) throws -> [UInt8] {
    try Array(Data(contentsOf: URL(filePath: "/usr/share/zoneinfo/\(name)")))
  }

  static func rules(_ name: String) throws -> ZoneRules {
    guard let rules = ZoneRules(name: name, bytes: try bytes(name)) else { throw NotRead() }
    return rules
  }
}

/// The same numbers in every run.
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
