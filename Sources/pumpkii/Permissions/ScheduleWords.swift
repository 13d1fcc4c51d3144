internal import ArgumentParser
internal import PumpkiiClient

/// Lines of a schedule as they are typed and shown: `sensor.camera=mon-fri,08:00-18:00`.
enum ScheduleWords {
  private static let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

  /// - Throws: `ValidationError` that says which part of which line is wrong.
  static func windows(_ lines: [String]) throws -> [Permissions.Window] { try lines.map(window) }

  private static func window(_ line: String) throws -> Permissions.Window {
    let sides = line.split(separator: "=", omittingEmptySubsequences: false)
    guard sides.count == 2 else { throw wrong(line, "it has no \"=\" between flags and times") }
    let flags = try sides[0].split(separator: ",").map { try FlagChanges.flag(String($0)) }
    guard !flags.isEmpty else { throw wrong(line, "no flag stands before \"=\"") }
    var words = sides[1].split(separator: ",")
    guard let last = words.popLast(), last.contains(":") || !words.isEmpty else {
      throw wrong(line, "the times are missing")
    }
    let (from, to) = try times(last, of: line)
    guard !words.isEmpty else { throw wrong(line, "the days are missing: mon to sun, mon-fri or all") }
    let days = try words.reduce(into: Set<Int>()) { try $0.formUnion(range($1, of: line)) }
    return Permissions.Window(flags: flags, days: days.sorted(), from: from, to: to)
  }

  private static func wrong(_ line: String, _ why: String) -> ValidationError {
    ValidationError("\(line): \(why). A line is FLAG=DAYS,FROM-TO, as sensor.camera=mon-fri,08:00-18:00")
  }

  private static func times(_ word: Substring, of line: String) throws -> (Int, Int) {
    let ends = word.split(separator: "-", omittingEmptySubsequences: false)
    guard ends.count == 2 else { throw wrong(line, "\"\(word)\" is no FROM-TO") }
    let (from, to) = (try minute(ends[0], of: line), try minute(ends[1], of: line))
    guard from < 1440 else { throw wrong(line, "24:00 ends a day and begins none") }
    guard from != to else { throw wrong(line, "it ends when it begins; the whole day is 00:00-24:00") }
    return (from, to)
  }

  /// `mon`, `mon-fri`, `sat-mon` or `all`, as numbers from 1.
  private static func range(_ word: Substring, of line: String) throws -> [Int] {
    if word == "all" { return Array(1...7) }
    let ends = try word.split(separator: "-", omittingEmptySubsequences: false).map { name in
      guard let day = days.firstIndex(of: String(name)) else {
        throw wrong(line, "\"\(name)\" is no day; the days are \(days.joined(separator: ", ")) and all")
      }
      return day
    }
    guard let first = ends.first, let last = ends.last, ends.count <= 2 else {
      throw wrong(line, "\"\(word)\" is no range of days, as mon-fri")
    }
    return (0...(last - first + 7) % 7).map { (first + $0) % 7 + 1 }
  }

  private static func minute(_ text: Substring, of line: String) throws -> Int {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[1].count == 2, let hour = Int(parts[0]), let minute = Int(parts[1]),
      (0...24).contains(hour), (0..<60).contains(minute), hour * 60 + minute <= 1440
    else { throw wrong(line, "\"\(text)\" is no time of day, as 08:00; the last one is 24:00") }
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
