import Foundation
import PumpkiiAgent
import Testing

/// What counts as keeping a clock.
@Suite struct ClockSignsTests {
  private static let seconds: UInt64 = 1_800_000_000

  private struct Row {
    var isSynchronized = false
    var batteries: [ClockSigns.Battery] = []
    var uptime: UInt64 = 0
    let keeper: ClockKeeper

    init(_ keeper: ClockKeeper, sync: Bool = false, _ batteries: [(Bool, UInt64?)] = [], uptime: UInt64 = 0) {
      (self.keeper, isSynchronized, self.uptime) = (keeper, sync, uptime)
      self.batteries = batteries.map { ClockSigns.Battery(setTheSystem: $0.0, seconds: $0.1) }
    }
  }

  @Test func `a device node alone keeps no clock`() {
    let now = Self.seconds
    let rows: [Row] = [
      Row(.nothing), Row(.timeSource, sync: true), Row(.timeSource, sync: true, [(false, 0)]),
      Row(.battery, [(true, now)]), Row(.battery, [(true, now - 5)]), Row(.battery, [(true, now + 5)]),
      // Present, but it set nothing, cannot be read, began at 1970, or shows another time.
      Row(.nothing, [(false, now)]), Row(.nothing, [(true, nil)]), Row(.nothing, [(true, 0)]),
      Row(.nothing, [(true, now - 6)]), Row(.nothing, [(true, now + 3600)]),
      Row(.battery, [(false, 0), (true, now)]),
      // Two crystals run apart.
      Row(.battery, [(true, now - 60)], uptime: 1_000_000), Row(.nothing, [(true, now - 3600)], uptime: 1_000_000),
    ]
    for row in rows {
      let signs = ClockSigns(isSynchronized: row.isSynchronized, batteries: row.batteries, uptime: row.uptime)
      #expect(signs.keeper(at: now * 1_000_000) == row.keeper, "\(row)")
    }
  }

  @Test func `clocks are read as the kernel lays them out`() throws {
    let folder = NSTemporaryDirectory() + "pumpkii-rtc-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for (name, files) in [
      "rtc0": ["hctosys": "1\n", "since_epoch": "1800000000\n"], "rtc1": ["hctosys": "0\n", "since_epoch": "17\n"],
      "rtc2": ["hctosys": "1\n"], "rtc3": [:],
    ] {
      try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
      for (file, text) in files {
        try text.write(toFile: "\(folder)/\(name)/\(file)", atomically: false, encoding: .utf8)
      }
    }
    #expect(
      ClockSigns.batteries(in: folder) == [
        ClockSigns.Battery(setTheSystem: true, seconds: 1_800_000_000),
        ClockSigns.Battery(setTheSystem: false, seconds: 17), ClockSigns.Battery(setTheSystem: true, seconds: nil),
        ClockSigns.Battery(setTheSystem: false, seconds: nil),
      ])
    #expect(ClockSigns.batteries(in: "\(folder)/none").isEmpty)
  }
}
