import Foundation
import PumpkiiAgent
import PumpkiiChain
import PumpkiiSystem
import PumpkiiVault
import PumpkiiWire
import Testing

@Suite struct CounterTests {
  @Test func itIsOnlyEverRaised() throws {
    let ledgers = try Ledgers()
    let counter = try Counter(path: ledgers.paths.counter, identity: ledgers.identity)
    try counter.raise { $0.clip = 5 }
    let lowerings: [(inout AuditAnchor) -> Void] = [
      { $0.clip = 4 }, { $0.policyHash = Hashes.sha256([1]) }, { $0.consent.hash = Hashes.sha256([1]) },
    ]
    for lower in lowerings { #expect(throws: Ledgers.older) { try counter.raise(lower) } }
    try counter.raise { $0.rosterVersion = 2 }
    #expect(throws: Ledgers.older) { try counter.raise { $0.rosterVersion = 1 } }
    #expect(try Counter(path: ledgers.paths.counter, identity: ledgers.identity).value == counter.value)
  }

  @Test func anyFlippedBitOfItIsFound() throws {
    let ledgers = try Ledgers()
    try Counter(path: ledgers.paths.counter, identity: ledgers.identity).raise { $0.clip = 5 }
    let whole = try ledgers.bytes(ledgers.paths.counter)
    for place in whole.indices {
      var bytes = whole
      bytes[place] ^= UInt8(1) << UInt8(place % 8)
      try DurableFile.write(bytes, to: ledgers.paths.counter)
      #expect(throws: Ledgers.altered, "byte \(place)") {
        _ = try Counter(path: ledgers.paths.counter, identity: ledgers.identity)
      }
    }
  }

  private func store(_ version: UInt64, _ house: Household) throws -> [UInt8] {
    house.owner.client.sign(
      PolicyDocument(
        device: house.roster.device, version: version, time: 1, account: house.owner.chain.id,
        client: house.owner.clientID, settings: []), .policy
    ).bytes
  }

  @Test func aPolicyOfARestoredDiskIsRefusedThoughItsOwnRecordAgrees() throws {
    let ledgers = try Ledgers()
    let house = try Household()
    let policies = PolicyStore(folder: ledgers.paths.folder)
    let documents = [try store(1, house), try store(2, house)]
    let audit = try ledgers.open()
    try policies.store(documents[0], version: 1)
    try audit.stored(policyVersion: 1, policyHash: Hashes.sha256(documents[0]), rosterVersion: 2)
    let backup = "\(ledgers.root)/backup"
    try FileManager.default.copyItem(atPath: ledgers.paths.folder, toPath: backup)
    try policies.store(documents[1], version: 2)
    try audit.stored(policyVersion: 2, policyHash: Hashes.sha256(documents[1]), rosterVersion: 3)
    #expect(throws: Never.self) { try audit.check(policy: policies.load(), rosterVersion: 3) }
    try FileManager.default.removeItem(atPath: ledgers.paths.folder)
    try FileManager.default.moveItem(atPath: backup, toPath: ledgers.paths.folder)
    #expect(policies.load() == .document(documents[0]), "its own two files agree with each other")
    #expect(throws: Ledgers.older) { try audit.check(policy: policies.load(), rosterVersion: 2) }
  }

  @Test func aMissingPolicyAnotherOneOfItsVersionAndAShorterRosterAreRefused() throws {
    let (ledgers, house) = (try Ledgers(), try Household())
    let (one, next) = (try store(1, house), try store(2, house))
    let audit = try ledgers.open()
    try audit.stored(policyVersion: 1, policyHash: Hashes.sha256(one), rosterVersion: 4)
    #expect(throws: Ledgers.older) { try audit.check(policy: .none, rosterVersion: 4) }
    #expect(throws: Ledgers.older) { try audit.check(policy: .document(one + [0]), rosterVersion: 4) }
    #expect(throws: Ledgers.older) { try audit.check(policy: .document(one), rosterVersion: 3) }
    #expect(throws: Never.self, "a crash between the policy and the counter") {
      try audit.check(policy: .document(next), rosterVersion: 5)
    }
  }

  @Test func aRestoredStateWithItsLedgersIsRefusedAtTheStart() throws {
    let ledgers = try Ledgers()
    try ledgers.open().consents.record(Ledgers.consent("sensor.camera"), by: nil)
    let backup = "\(ledgers.root)/backup"
    try FileManager.default.copyItem(atPath: ledgers.paths.folder, toPath: backup)
    try ledgers.open().consents.record(Ledgers.consent("sensor.camera", false), by: nil)
    try FileManager.default.removeItem(atPath: ledgers.paths.folder)
    try FileManager.default.moveItem(atPath: backup, toPath: ledgers.paths.folder)
    #expect(throws: Ledgers.older) { _ = try ledgers.open() }
  }
}
