import PumpkiiPolicy
import PumpkiiSystem
import Testing

/// A zone whose wall clock is so far off that it is noon when a test wants it: schedules count minutes, and nobody waits
/// for one.
struct NoonZone {
  /// Unix µs of a noon in Greenwich.
  static let noon: UInt64 = 43_200_000_000
  let rules: ZoneRules

  /// - Parameter seconds: Unix seconds of one of its noons.
  init(noon seconds: Int) throws {
    // POSIX counts west of Greenwich.
    let east = (43_200 - seconds % 86_400 + 86_400) % 86_400
    let parts = [east / 3600, east / 60 % 60, east % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
    let footer = "\nNUN-\(parts.joined(separator: ":"))\n"
    rules = try #require(ZoneRules(name: "Test/Noon", bytes: Self.block + Self.block + Array(footer.utf8)))
  }

  /// One entry for every day.
  /// - Parameter minutes: of the day.
  static func schedule(of flags: Set<Flag>, minutes: Range<Int>) -> Schedule {
    let entry = Schedule.Entry(flags: flags, days: .all, from: minutes.lowerBound, to: minutes.upperBound)
    return Schedule(entries: entry.map { [$0] } ?? [], zone: "Test/Noon")
  }

  /// A file of the zone database with one type and no transition (RFC 9636 §3).
  private static let block: [UInt8] =
    Array("TZif2".utf8) + [UInt8](repeating: 0, count: 15)
    + [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 4] + [0, 0, 0, 0, 0, 0]
    + Array("NUN".utf8) + [0]
}
