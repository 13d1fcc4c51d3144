import Foundation
import PumpkiiAgent
import PumpkiiChain
import PumpkiiTransport
import PumpkiiVault
import PumpkiiWire
import Testing

/// A pairing that was killed between its last two steps: the new owner is in the roster, the board's own key still
/// there.
@Suite struct PairingEndTests {
  let folder = NSTemporaryDirectory() + "pumpkii-pairing-\(UUID().uuidString)"
  private var keys: [String] { ["identity.key", "sealing.key"].map { "\(folder)/local/\($0)" } }
  private func kept() -> [Bool] { keys.map { FileManager.default.fileExists(atPath: $0) } }

  /// The folder as such a kill leaves it.
  private func cut() throws -> AgentHome {
    let home = try AgentHome(folder)
    _ = try LocalOwner.create(home)
    let (device, owner) = (try home.identity(), try Person())
    let genesis = device.sign(
      RosterGenesis(
        device: DeviceID(of: device.publicKey), deviceKey: device.publicKey, owner: owner.chain.id,
        ownerVersion: owner.chain.version, ownerHead: owner.chain.head), .roster)
    let store = RosterStore(home: home)
    try store.save(owner.chain, keys: [owner.announcement])
    try store.save(try Roster(genesis: genesis.bytes))
    return home
  }

  @Test func itCannotBePairedAgain() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let home = try cut()
    #expect(kept() == [true, true])
    let relay = try RelayAddress("https://127.0.0.1:1")
    #expect(throws: AgentError(.alreadyPaired, "", advice: "")) { _ = try PairingHost(home: home, relay: relay) }
    #expect(kept() == [false, false])
  }

  @Test func aStartFinishesIt() async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let home = try cut()
    // The kill may also fall between the two keys.
    try FileManager.default.removeItem(atPath: keys[1])
    let keeper = try Household.keeper(home, home.identity(), Bench(allowed: []))
    #expect(kept() == [false, false])
    #expect(await keeper.isPaired)
    #expect(try LocalOwner.load(home) == nil)
  }

  @Test func aBoardThatIsItsOwnOwnerKeepsItsKey() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let home = try AgentHome(folder)
    _ = try LocalOwner.create(home)
    try LocalOwner.endIfPaired(home)
    #expect(kept() == [true, true])
    _ = try PairingHost(home: home, relay: try RelayAddress("https://127.0.0.1:1"))
    #expect(kept() == [true, true])
  }
}
