internal import ArgumentParser
internal import PumpkiiClient

/// Lines of a schedule as they are typed and shown: `sensor.camera=mon-fri,08:00-18:00`.
enum ScheduleWords {
  private static let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

  /// - Throws: `ValidationError` that says which line is wrong.
  static func windows(_ lines: [String]) throws -> [Permissions.Window] { try lines.map(window) }

  private static func window(_ line: String) throws -> Permissions.Window {
    let wrong = ValidationError("\(line) is not FLAG=DAYS,FROM-TO, as sensor.camera=mon-fri,08:00-18:00")
    let sides = line.split(separator: "=")
    guard sides.count == 2 else { throw wrong }
    let flags = try sides[0].split(separator: ",").map { try FlagChanges.flag(String($0)) }
    var words = sides[1].split(separator: ",")
    guard let times = words.popLast()?.split(separator: "-"), times.count == 2, let from = minute(times[0]),
      let to = minute(times[1]), from < 1440, from != to, !words.isEmpty
    else { throw wrong }
    var chosen: Set<Int> = []
    for word in words {
      guard let range = range(word) else { throw wrong }
      chosen.formUnion(range)
    }
    return Permissions.Window(flags: flags, days: chosen.sorted(), from: from, to: to)
  }

  /// `mon`, `mon-fri`, `sat-mon` or `all`, as numbers from 1.
  private static func range(_ word: Substring) -> [Int]? {
    if word == "all" { return Array(1...7) }
    let ends = word.split(separator: "-").map { days.firstIndex(of: String($0)) }
    guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2 else { return nil }
    let count = (last - first + 7) % 7
    return (0...count).map { (first + $0) % 7 + 1 }
  }

  private static func minute(_ text: Substring) -> Int? {
    let parts = text.split(separator: ":")
    guard parts.count == 2, parts[1].count == 2, let hour = Int(parts[0]), let minute = Int(parts[1]),
      (0...24).contains(hour), (0..<60).contains(minute), hour * 60 + minute <= 1440
    else { return nil }
    return hour * 60 + minute
  }

  /// A window in words.
  static func line(_ window: Permissions.Window, zone: String) -> String {
    let names = window.days.map { days[($0 - 1) % 7] }.joined(separator: ",")
    return
      "times  \(window.flags.joined(separator: ",")) only \(names) \(clock(window.from))-\(clock(window.to)) (\(zone))"
  }

  private static func clock(_ minute: Int) -> String {
    let (hour, rest) = (minute / 60, minute % 60)
    return "\(hour < 10 ? "0" : "")\(hour):\(rest < 10 ? "0" : "")\(rest)"
  }
}
