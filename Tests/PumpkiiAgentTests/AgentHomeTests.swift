import Foundation
import PumpkiiAgent
import PumpkiiSystem
import PumpkiiWire
import Testing

@Suite struct AgentHomeTests {
  @Test func aFolderServesOneAgentAtATime() throws {
    let folder = NSTemporaryDirectory() + "pumpkii-home-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var first: AgentHome? = try AgentHome(folder)
    #expect(first?.folder == folder)
    #expect(throws: AgentError(.home, "", advice: "")) { _ = try AgentHome(folder) }
    first = nil
    #expect(throws: Never.self) { _ = try AgentHome(folder) }
  }

  @Test func anAgentWaitsForACommandThatHasItsFolderForAMoment() async throws {
    let folder = NSTemporaryDirectory() + "pumpkii-home-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let command = Published<AgentHome?>(try AgentHome(folder))
    #expect(throws: AgentError(.home, "", advice: "")) { try AgentHome(folder) }
    async let begun = DeviceThread.run(named: "agent") { try? AgentHome(folder, patience: .seconds(60)).folder }
    command.set(nil)
    #expect(await begun == folder)
  }

  @Test func commandCountersOutliveARestart() throws {
    let folder = NSTemporaryDirectory() + "pumpkii-home-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let home = try AgentHome(folder)
    let client = try ClientID([UInt8](repeating: 3, count: 16))
    try CommandCounters(home: home).set(7, of: client)
    #expect(try CommandCounters(home: home).last(of: client) == 7)
  }
}
