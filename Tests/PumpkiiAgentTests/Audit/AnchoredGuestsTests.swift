import Foundation
import PumpkiiAgent
import PumpkiiChain
import PumpkiiPolicy
import PumpkiiVault
import PumpkiiWire
import Testing

/// An older account of a guest brings back a client that the guest removed, or what the guest no longer allows: the
/// counter knows how far guests have come as well.
@Suite struct AnchoredGuestsTests {
  let house: Household
  let guest: Person
  private var name: String { "accounts/\(guest.chain.id.hex)" }

  init() async throws {
    house = try Household(isAudited: true)
    guest = try Person()
    try await take(guest)
    let grant = RosterOperation.Grant(
      account: guest.chain.id, accountVersion: guest.chain.version, accountHead: guest.chain.head,
      classes: ClassMask(.video), from: 0, until: .max)
    try await house.apply(.grant(grant), knowing: [guest])
  }

  private func take(_ person: Person) async throws {
    try await house.keeper.take(
      chain: EntryList.encode(person.chain.entries), sealingKeys: EntryList.encode([person.announcement]))
  }

  private func document(_ version: UInt64, _ isAllowed: Bool) -> [UInt8] {
    guest.client.sign(
      AccountPolicyDocument(
        account: guest.chain.id, client: guest.clientID, version: version, time: version,
        settings: [.init(flag: "notify.system", allow: isAllowed)], texts: []), .policy
    ).bytes
  }

  private var counted: AuditAnchor.Account? {
    get throws { try Counter.read(house.home.paths.counter, key: house.device.publicKey)?.accounts[guest.chain.id] }
  }

  @Test func whoIsSharedWithIsCountedAndWhoIsNotAnyMoreIsForgotten() async throws {
    #expect(try counted?.chainVersion == guest.chain.version)
    let grant = try #require(house.roster.grants.keys.first)
    try await house.apply(.revoke(grant), knowing: [guest])
    try await house.allow([.sensorCamera], version: 1)
    #expect(try counted == nil)
  }

  @Test func anOlderChainOfAGuestIsRefused() async throws {
    let older = try #require(try house.home.read("\(name).chain"))
    var longer = guest
    try longer.add(SigningIdentity().publicKey)
    try await take(longer)
    #expect(try counted?.chainVersion == longer.chain.version)
    #expect(throws: Never.self) { _ = try house.restart() }
    try house.home.write(older, "\(name).chain")
    #expect(throws: Ledgers.older) { _ = try house.restart() }
  }

  @Test func whatAGuestNarrowedStaysNarrowedAcrossAnOlderDisk() async throws {
    try await house.keeper.take(policy: document(1, true), of: guest.chain.id)
    let older = try #require(try house.home.read("\(name).policy"))
    try await house.keeper.take(policy: document(2, false), of: guest.chain.id)
    #expect(throws: Never.self) { _ = try house.restart() }
    try house.home.write(older, "\(name).policy")
    #expect(throws: Ledgers.older) { _ = try house.restart() }
    try FileManager.default.removeItem(atPath: "\(house.folder)/\(name).policy")
    #expect(throws: Ledgers.older) { _ = try house.restart() }
  }

  @Test func aCounterHoldsAsManyAccountsAsItsByteCounts() throws {
    let ledgers = try Ledgers()
    let counter = try Counter(path: ledgers.paths.counter, identity: ledgers.identity)
    try counter.raise { anchor in
      for number in 0..<UInt8(WireLimits.countedAccounts) {
        if let id = try? AccountID([UInt8](repeating: number, count: 32)) {
          anchor.accounts[id] = AuditAnchor.Account(chainVersion: 1, policyVersion: UInt64(number))
        }
      }
    }
    let stored = try Counter.read(ledgers.paths.counter, key: ledgers.identity.publicKey)
    #expect(stored == counter.value && stored?.accounts.count == WireLimits.countedAccounts)
  }
}
