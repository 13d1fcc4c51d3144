import Foundation
import PumpkiiAgent
import PumpkiiPolicy
import Testing

/// Whether the policy's times may rest on the clock.
@Suite struct ClockGuardTests {
  static let now: UInt64 = 1_800_000_000_000_000
  static let hour: UInt64 = 3_600_000_000
  let folder = NSTemporaryDirectory() + "pumpkii-clock-\(UUID().uuidString)"

  @Test func aClockThatIsKeptIsTrusted() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(try ClockGuard(home: AgentHome(folder)) { true }.facts(at: Self.now) == .trusted)
  }

  @Test func oneThatNothingKeepsOrThatWasNeverSetIsUnset() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let home = try AgentHome(folder)
    #expect(try ClockGuard(home: home) { false }.facts(at: Self.now) == .unset)
    #expect(try ClockGuard(home: home) { true }.facts(at: 1_000_000) == .unset)
  }

  @Test func aJumpBackDeniesUntilTheOldInstantIsPassedAgain() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let clock = try ClockGuard(home: AgentHome(folder)) { true }
    _ = clock.facts(at: Self.now)
    #expect(clock.facts(at: Self.now - 30_000_000) == .trusted, "time services go back by seconds")
    #expect(clock.facts(at: Self.now - Self.hour) == .jumpedBack)
    #expect(clock.facts(at: Self.now - Self.hour + 1) == .jumpedBack)
    #expect(clock.facts(at: Self.now) == .trusted)
  }

  @Test func aJumpBackWhileTheAgentWasOffIsSeenAtItsStart() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let home = try AgentHome(folder)
    _ = try ClockGuard(home: home) { true }.facts(at: Self.now)
    #expect(try ClockGuard(home: home) { true }.facts(at: Self.now - Self.hour) == .jumpedBack)
  }

  @Test func aDamagedFloorTrustsNothing() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let home = try AgentHome(folder)
    try home.write(Array("garbage\n".utf8), "clock")
    #expect(try ClockGuard(home: home) { true }.facts(at: Self.now) == .jumpedBack)
  }

  @Test func zonesAreReadByNameAndByNothingElse() throws {
    #expect(ZoneDirectory.rules(named: "Europe/Berlin")?.name == "Europe/Berlin")
    for name in ["", "/etc/passwd", "../zoneinfo/UTC", "Europe/", "Nowhere/Land", "Europe/Ber lin", "posix/../UTC"] {
      #expect(ZoneDirectory.rules(named: name) == nil, "\(name)")
    }
  }
}
