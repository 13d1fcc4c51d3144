import Foundation
import Glibc

/// A zone as zdump(8) reads the machine's own file: another reader of the very bytes that the rules are made of. Foundation
/// carries a database of its own, which is another one on a machine whose tzdata is newer.
struct ZoneDump: Sendable {
  struct NotRead: Error {}

  /// Instants in Unix seconds, ascending, and the offset from each on; one stands on either side of each change.
  private let marks: [(second: Int64, offset: Int64)]

  /// From 1970 to 2101.
  init(_ name: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["LC_ALL=C", "zdump", "-V", "-c", "1970,2101", name]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    marks = try text.split(separator: "\n").map(Self.mark)
    // Without a change only Greenwich's own offset is plain.
    guard process.terminationStatus == 0, !marks.isEmpty || name == "UTC" else { throw NotRead() }
  }

  /// Seconds east of Greenwich.
  func offset(at second: Int64) -> Int64 { marks[..<next(after: second)].last?.offset ?? marks.first?.offset ?? 0 }

  /// The first instant after this one from which another offset counts.
  func transition(after second: Int64) -> Int64? {
    let now = offset(at: second)
    return marks[next(after: second)...].first { $0.offset != now }?.second
  }

  /// By halving.
  private func next(after second: Int64) -> Int {
    var (low, high) = (0, marks.count)
    while low < high {
      let middle = (low + high) / 2
      if marks[middle].second <= second { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// `Europe/Berlin  Sun Mar 29 01:00:00 2026 UT = Sun Mar 29 03:00:00 2026 CEST isdst=1 gmtoff=7200`.
  private static func mark(_ line: Substring) throws -> (second: Int64, offset: Int64) {
    let words = line.split(separator: " ")
    guard words.count > 6, words[6] == "UT", let offset = words.last.flatMap({ Int64($0.dropFirst("gmtoff=".count)) })
    else { throw NotRead() }
    let clock = words[4].split(separator: ":").compactMap { Int32($0) }
    guard let month = months.firstIndex(of: String(words[2])), let day = Int32(words[3]), clock.count == 3,
      let year = Int32(words[5])
    else { throw NotRead() }
    var time = unsafe tm()
    unsafe (time.tm_year, time.tm_mon, time.tm_mday) = (year - 1900, Int32(month), day)
    unsafe (time.tm_hour, time.tm_min, time.tm_sec) = (clock[0], clock[1], clock[2])
    return unsafe (Int64(timegm(&time)), offset)
  }

  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
}
