import Foundation
import PumpkiiAgent
import PumpkiiChain
import PumpkiiPolicy
import PumpkiiVault
import PumpkiiWire
import Testing

/// An older account on the disk brings back a client that was removed, or a consent that was withdrawn: the counter
/// knows how far the owners' accounts have come.
@Suite struct AnchoredAccountsTests {
  let house: Household
  private var name: String { "accounts/\(house.owner.chain.id.hex)" }

  init() async throws { house = try Household(isAudited: true) }

  private func policy(_ version: UInt64, allowing flag: String = "notify.system") async throws {
    try await house.keeper.take(policy: document(version, allowing: flag), of: house.owner.chain.id)
  }

  private func document(_ version: UInt64, allowing flag: String) -> [UInt8] {
    house.owner.client.sign(
      AccountPolicyDocument(
        account: house.owner.chain.id, client: house.owner.clientID, version: version, time: version,
        settings: [.init(flag: flag, allow: true)], texts: []), .policy
    ).bytes
  }

  @Test func anOlderChainOfAnOwnerIsRefused() async throws {
    let older = try #require(try house.home.read("\(name).chain"))
    var owner = house.owner
    try owner.add(SigningIdentity().publicKey)
    try await house.keeper.take(chain: EntryList.encode(owner.chain.entries), sealingKeys: EntryList.encode([]))
    #expect(throws: Never.self) { _ = try house.restart() }
    try house.home.write(older, "\(name).chain")
    #expect(throws: Ledgers.older) { _ = try house.restart() }
  }

  @Test func aChainThatTheDiskRefusedIsWrittenBeforeARosterNamesIt() async throws {
    let path = "\(house.folder)/\(name).chain"
    try FileManager.default.moveItem(atPath: path, toPath: "\(path).kept")
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    var owner = house.owner
    try owner.add(SigningIdentity().publicKey)
    let entries = EntryList.encode(owner.chain.entries)
    await #expect(throws: AgentError.self) {
      try await house.keeper.take(chain: entries, sealingKeys: EntryList.encode([]))
    }
    try FileManager.default.removeItem(atPath: path)
    // Nothing new comes: the next change writes what is owed.
    try await house.keeper.narrowOnBoard(.sensorCamera)
    _ = try house.restart()
    let counter = try #require(try Counter.read(house.home.paths.counter, key: house.device.publicKey))
    #expect(counter.accounts[owner.chain.id]?.chainVersion == owner.chain.version)
    #expect(try house.home.read("\(name).chain") != nil)
  }

  @Test func nothingWidensThatTheCounterDoesNotKnow() async throws {
    try await house.allow([.sensorMicrophone], version: 1)
    let path = house.home.paths.counter
    try FileManager.default.moveItem(atPath: path, toPath: "\(path).kept")
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    await #expect(throws: AgentError.self) { try await house.allow([.sensorMicrophone, .sensorCamera], version: 2) }
    for _ in 0..<2 {
      _ = await house.keeper.refreshStanding()
      #expect(house.bench.gate.denial(.openSensor, .sensorCamera) != nil)
    }
    try FileManager.default.removeItem(atPath: path)
    _ = await house.keeper.refreshStanding()
    #expect(house.bench.gate.denial(.openSensor, .sensorCamera) == nil)
    #expect(try Counter.read(path, key: house.device.publicKey)?.policyVersion == 2)
  }

  @Test func anOlderAnotherAndAMissingPolicyOfAnOwnerAreRefused() async throws {
    try await policy(1)
    let older = try #require(try house.home.read("\(name).policy"))
    try await policy(2)
    #expect(throws: Never.self) { _ = try house.restart() }
    for bytes in [older, document(2, allowing: "notify.email")] {
      try house.home.write(bytes, "\(name).policy")
      #expect(throws: Ledgers.older) { _ = try house.restart() }
    }
    try FileManager.default.removeItem(atPath: "\(house.folder)/\(name).policy")
    #expect(throws: Ledgers.older) { _ = try house.restart() }
  }

  @Test func aDamagedPolicyAllowsNothingAndNoOlderOneTakesItsPlace() async throws {
    try await policy(2)
    try house.home.write([1, 2, 3], "\(name).policy")
    let again = try house.restart()
    #expect(await again.accountPolicy(house.owner.chain.id) == nil)
    try await again.take(policy: document(1, allowing: "notify.email"), of: house.owner.chain.id)
    #expect(await again.accountPolicy(house.owner.chain.id) == nil)
    try await again.take(policy: document(3, allowing: "notify.email"), of: house.owner.chain.id)
    #expect(await again.accountPolicy(house.owner.chain.id)?.version == 3)
  }

  @Test func aCounterThatKnowsNoAccountsTakesThemUpAtAStart() async throws {
    try await policy(1)
    let counter = try #require(try Counter.read(house.home.paths.counter, key: house.device.publicKey))
    #expect(counter.accounts[house.owner.chain.id]?.policyVersion == 1)
    var before = counter
    before.accounts = [:]
    try house.home.write(house.device.sign(before, .ledger).bytes, "counter")
    _ = try house.restart()
    #expect(try Counter.read(house.home.paths.counter, key: house.device.publicKey) == counter)
  }

  @Test func aPolicyThatTheDiskRefusedIsNotAnchoredAndStoredLater() async throws {
    try await policy(1)
    let path = "\(house.folder)/\(name).policy"
    try FileManager.default.removeItem(atPath: path)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    await #expect(throws: AgentError(.home, "", advice: "")) { try await policy(2) }
    let key = house.device.publicKey
    #expect(
      try Counter.read(house.home.paths.counter, key: key)?.accounts[house.owner.chain.id]?.policyVersion == 1)
    try FileManager.default.removeItem(atPath: path)
    _ = await house.keeper.refreshStanding()
    #expect(try house.home.read("\(name).policy") == document(2, allowing: "notify.system"))
    #expect(
      try Counter.read(house.home.paths.counter, key: key)?.accounts[house.owner.chain.id]?.policyVersion == 2)
  }

  @Test func aCounterWithAccountsIsOnlyEverRaised() throws {
    let ledgers = try Ledgers()
    let counter = try Counter(path: ledgers.paths.counter, identity: ledgers.identity)
    let id = house.owner.chain.id
    try counter.raise { $0.accounts[id] = AuditAnchor.Account(chainVersion: 2, policyVersion: 3) }
    for account in [
      AuditAnchor.Account(chainVersion: 1, policyVersion: 3), AuditAnchor.Account(chainVersion: 2, policyVersion: 2),
      AuditAnchor.Account(chainVersion: 2, policyVersion: 3, policyHash: Hashes.sha256([1])),
    ] { #expect(throws: Ledgers.older) { try counter.raise { $0.accounts[id] = account } } }
    #expect(throws: Never.self, "who is no owner any more") { try counter.raise { $0.accounts = [:] } }
  }
}

/// A counter that was taken away takes the protection against an older disk with it: it is missed.
@Suite struct MissingCounterTests {
  let folder = NSTemporaryDirectory() + "pumpkii-counter-\(UUID().uuidString)"
  private var board: Board { Board(folder: folder) }
  private func remove(_ names: String...) throws {
    for name in names { try FileManager.default.removeItem(atPath: "\(folder)/\(name)") }
  }

  @Test func counterAndLedgersThatAreBothGoneAreMissed() async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    do { _ = try LocalOwner.create(AgentHome(folder)) }
    _ = try await board.ask(.set(["sensor.camera": true]))
    try remove("counter", "ledgers")
    await #expect(throws: Ledgers.older) { try await board.ask(.status) }
    #expect(throws: Ledgers.older) { _ = try AuditReader(AgentPaths(folder: folder)) }
    // A roster alone shows it as well.
    try remove("policy", "policy.pair")
    await #expect(throws: Ledgers.older) { try await board.ask(.status) }
    #expect(throws: Ledgers.older) { _ = try AuditReader(AgentPaths(folder: folder)) }
  }

  @Test func aFreshCameraAndOneThatWasJustPairedNeedNone() async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    do { _ = try LocalOwner.create(AgentHome(folder)) }
    _ = try AuditReader(AgentPaths(folder: folder))
    guard case .status = try await board.ask(.status) else {
      Issue.record("no status")
      return
    }
  }
}
