import Foundation
import PumpkiiPolicy
import Testing

@Suite struct ZoneRulesTests {
  /// Offsets of many zones against another reader of the same files, from 1975 to 2100, far behind the last transition
  /// that files name.
  @Test(arguments: ScheduleTests.zones + ["Europe/Dublin", "America/Nuuk", "Antarctica/Troll", "Asia/Tehran", "UTC"])
  func offsetsAreTheOnesThatZdumpReads(_ name: String) throws {
    let rules = try ZoneFile.rules(name)
    let zone = try ZoneDump(name)
    for second in stride(from: Int64(160_000_000), to: 4_100_000_000, by: 86_400 * 5 + 3571) {
      #expect(rules.offset(at: second) == zone.offset(at: second), "\(name) at \(second)")
    }
  }

  /// A file may also list an instant from which nothing differs; nothing may differ without one.
  @Test(arguments: ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Europe/Dublin"])
  func nothingChangesBetweenTwoTransitionsAndTwoOfAYearDo(_ name: String) throws {
    let rules = try ZoneFile.rules(name)
    var second: Int64 = 1_500_000_000
    var changes = 0
    while second < 1_500_000_000 + 40 * 31_556_952 {
      let next = try #require(rules.transition(after: second))
      #expect(next > second && rules.offset(at: next - 1) == rules.offset(at: second))
      if rules.offset(at: next) != rules.offset(at: next - 1) { changes += 1 }
      second = next
    }
    #expect((80...81).contains(changes))
  }

  /// The rules of RFC 9636's and POSIX's examples: text, instant, offset.
  static let footers: [(String, Int64, Int64)] = [
    ("CET-1CEST,M3.5.0,M10.5.0/3", 1_774_745_999, 3600), ("CET-1CEST,M3.5.0,M10.5.0/3", 1_774_746_000, 7200),
    ("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", 1_767_225_600, 39_600),
    ("IST-1GMT0,M10.5.0,M3.5.0/1", 1_767_225_600, 0), ("IST-1GMT0,M10.5.0,M3.5.0/1", 1_782_864_000, 3600),
    ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", 1_774_745_999, -7200),
    ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", 1_774_746_000, -3600),
    ("EST5EDT,0/0,J365/25", 1_767_225_600, -14_400), ("NPT-5:45", 0, 20_700),
    ("XYZ0ABC,J60,J61", 1_709_164_800 + 10_800, 0), ("XYZ0ABC,J60,J61", 1_709_251_200 + 7200, 3600),
    ("XYZ0ABC,59,J61", 1_709_164_800 + 7200, 3600),
  ]

  /// In a file without transitions the footer alone decides.
  @Test(arguments: footers)
  func aFooterDecidesBehindTheLastTransition(_ text: String, at second: Int64, offset: Int64) throws {
    let rules = try #require(ZoneRules(name: "X", bytes: TZif.file(footer: text)))
    #expect(rules.offset(at: second) == offset)
  }

  @Test func aFileOfVersionOneIsReadAndKeepsItsLastOffset() throws {
    let bytes = TZif.block(version: 0, times: [100, 200], indices: [1, 0], offsets: [0, 3600], timeSize: 4)
    let rules = try #require(ZoneRules(name: "X", bytes: bytes))
    #expect([99, 100, 199, 200, 1 << 40].map { rules.offset(at: $0) } == [0, 3600, 3600, 0, 0])
    #expect([99, 100, 200].map { rules.transition(after: $0) } == [100, 200, nil])
  }

  @Test(arguments: [
    "CET", "CE-1", "CET-1CEST", "CET-25", "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.6.0,M10.5.0",
    "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,J0,J365", "CET-1CEST,366,J365", "CET-1CEST,M3.5.0,M10.5.0/168",
    "CET-1CEST,M3.5.0,M10.5.0 ", "<CET-1", "CET-1CEST,M3.5.0", "CET-1:60",
  ])
  func aFooterThatIsNoRuleIsRefused(_ text: String) {
    #expect(ZoneRules(name: "X", bytes: TZif.file(footer: text)) == nil)
  }

  @Test func filesThatAreCutOrDoNotAddUpAreRefused() throws {
    let whole = try ZoneFile.bytes("Europe/Berlin")
    for count in Array(stride(from: 0, to: whole.count, by: 7)) + [whole.count - 1] {
      #expect(ZoneRules(name: "X", bytes: Array(whole.prefix(count))) == nil, "\(count) bytes of it")
    }
    #expect(ZoneRules(name: "X", bytes: Array("no zone at all".utf8)) == nil)
    let backwards = TZif.block(version: 0, times: [200, 100], indices: [0, 0], offsets: [0], timeSize: 4)
    #expect(ZoneRules(name: "X", bytes: backwards) == nil)
    let nowhere = TZif.block(version: 0, times: [100], indices: [1], offsets: [0], timeSize: 4)
    #expect(ZoneRules(name: "X", bytes: nowhere) == nil)
  }

  /// Whatever a file says, reading it ends.
  @Test func alteredFilesAreReadOrRefusedAndNeverTrap() throws {
    let whole = try ZoneFile.bytes("Australia/Lord_Howe")
    var random = SeededRandom(seed: 5)
    for _ in 0..<2000 {
      var bytes = whole
      for _ in 0..<3 {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      guard let rules = ZoneRules(name: "X", bytes: bytes) else { continue }
      #expect(abs(rules.offset(at: 1_780_000_000)) < 200 * 3600)
      _ = rules.transition(after: 4_000_000_000)
    }
  }
}

/// Zone files made by hand.
enum TZif {
  static func file(footer: String) -> [UInt8] {
    block(version: 51, times: [], indices: [], offsets: [0], timeSize: 4)
      + block(version: 51, times: [], indices: [], offsets: [0], timeSize: 8) + Array("\n\(footer)\n".utf8)
  }

  static func block(version: UInt8, times: [Int64], indices: [UInt8], offsets: [Int64], timeSize: Int) -> [UInt8] {
    var bytes = Array("TZif".utf8) + [version] + [UInt8](repeating: 0, count: 15)
    for count in [0, 0, 0, times.count, offsets.count, 4] { bytes += number(Int64(count), 4) }
    for time in times { bytes += number(time, timeSize) }
    bytes += indices
    for offset in offsets { bytes += number(offset, 4) + [0, 0] }
    return bytes + Array("XYZ\0".utf8)
  }

  private static func number(_ value: Int64, _ size: Int) -> [UInt8] {
    (0..<size).map { UInt8(truncatingIfNeeded: value >> Int64(8 * (size - 1 - $0))) }
  }
}
