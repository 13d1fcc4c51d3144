import Foundation
import PumpkiiAgent
import PumpkiiSystem
import PumpkiiTransport
import Testing

/// An owner that no later start would accept is refused before anything of them is written.
@Suite struct PairingPastTests {
  let root = NSTemporaryDirectory() + "pumpkii-past-\(UUID().uuidString)"
  private var state: String { "\(root)/state" }
  private var keys: String { "\(root)/keys" }

  private func home(_ name: String = "state") throws -> AgentHome {
    try AgentHome("\(root)/\(name)", keysFolder: keys)
  }

  private func pair(_ home: AgentHome) throws -> PairingHost {
    try PairingHost(home: home, relay: RelayAddress("https://127.0.0.1:1"))
  }

  /// A board that was its own owner for a while.
  private func used() async throws {
    do { _ = try LocalOwner.create(home()) }
    _ = try await Board(folder: state, keysFolder: keys).ask(.set(["sensor.camera": true]))
  }

  @Test func keysWithAPastTakeNoNewOwnerInAnEmptyFolder() async throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    try await used()
    let fresh = try home("fresh")
    let before = try DurableFile.list(fresh.folder) + DurableFile.list(keys)
    #expect(throws: Ledgers.older) { _ = try pair(fresh) }
    #expect(throws: Ledgers.older) { _ = try LocalOwner.create(fresh) }
    #expect(try DurableFile.list(fresh.folder) + DurableFile.list(keys) == before)
    do { _ = try pair(fresh) } catch {
      let text = "\(error)"
      #expect(text.contains("have a past") && text.contains("begin anew") && !text.contains("\n"))
    }
  }

  @Test func aCounterWithoutItsKeyTakesNoNewOwner() async throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    try await used()
    try FileManager.default.removeItem(atPath: "\(keys)/identity.key")
    let fresh = try home("fresh")
    #expect(throws: Ledgers.older) { _ = try pair(fresh) }
    #expect(!DurableFile.exists("\(keys)/identity.key"))
  }

  @Test func anOlderPolicyOfTheBoardIsNotTakenOver() async throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    try await used()
    let names = ["roster", "policy", "policy.pair"]
    let older = try names.map { try DurableFile.read("\(state)/\($0)") ?? [] }
    _ = try await Board(folder: state, keysFolder: keys).ask(.set(["sensor.camera": false]))
    do { _ = try pair(home()) }
    for (name, bytes) in zip(names, older) { try DurableFile.write(bytes, to: "\(state)/\(name)") }
    #expect(throws: Ledgers.older) { _ = try pair(home()) }
  }

  @Test func aBoardsDamagedOrMissingPolicyIsNoReasonToRefuseAnOwner() async throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    try await used()
    try DurableFile.write([1], to: "\(state)/policy")
    do { _ = try pair(home()) }
    for name in ["policy", "policy.pair"] { try DurableFile.remove("\(state)/\(name)") }
    do { _ = try pair(home()) }
  }

  @Test func twoFoldersOnOneFolderOfKeysAreNotUsedAtOnce() throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    let one = try home("one")
    #expect(throws: AgentError(.home, "", advice: "")) { _ = try home("two") }
    #expect(one.keysFolder == keys)
    #expect(throws: Never.self, "one folder for both, by two names") {
      _ = try AgentHome("\(root)/three", keysFolder: "\(root)/./three")
    }
  }
}
