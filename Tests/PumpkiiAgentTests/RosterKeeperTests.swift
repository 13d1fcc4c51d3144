import PumpkiiAgent
import PumpkiiChain
import PumpkiiPolicy
import PumpkiiSystem
import PumpkiiVault
import PumpkiiWire
import Testing

@Suite struct RosterKeeperTests {
  private static let all: [Flag] = [.sensorCamera, .sensorMicrophone, .shareVideo, .shareAudio, .sharePhoto]

  private func grant(_ person: Person, _ classes: ClassMask = ClassMask(.video)) -> RosterOperation.Change {
    .grant(
      RosterOperation.Grant(
        account: person.chain.id, accountVersion: person.chain.version, accountHead: person.chain.head,
        classes: classes))
  }

  private func recipients(_ house: Household) -> Set<ClientID> {
    Set(house.bench.standing.value.recipients.map(\.client))
  }

  @Test func withoutAPolicyNobodyReceivesAKey() throws {
    let house = try Household()
    #expect(recipients(house).isEmpty)
    #expect(house.bench.gate.denial(.openSensor, .sensorCamera) != nil)
  }

  @Test func aGrantGivesKeysAndARevocationTakesThem() async throws {
    let house = try Household()
    let guest = try Person()
    try await house.allow(Self.all, version: 1)
    try await house.keeper.take(
      chain: EntryList.encode(guest.chain.entries), sealingKeys: EntryList.encode([guest.announcement]))
    let granted = try await house.apply(grant(guest), knowing: [guest])
    #expect(recipients(house).contains(guest.clientID))
    #expect(await house.keeper.owed != nil)
    _ = try await house.keeper.rotate(.widened)
    #expect(await house.keeper.owed == nil)
    try await house.apply(.revoke(Hashes.sha256(granted)))
    #expect(!recipients(house).contains(guest.clientID))
    #expect(await house.keeper.owed == .narrowed)
  }

  @Test func whatARevocationOwesStaysOwedUntilTheEpochBegan() async throws {
    let house = try Household()
    let guest = try Person()
    try await house.allow(Self.all, version: 1)
    try await house.keeper.take(
      chain: EntryList.encode(guest.chain.entries), sealingKeys: EntryList.encode([guest.announcement]))
    let granted = try await house.apply(grant(guest), knowing: [guest])
    let before = try await house.keeper.rotate(.widened)
    let revocation = try await house.apply(.revoke(Hashes.sha256(granted)))
    // The link broke before the rotation; the operation comes once more after the reconnection.
    try await house.keeper.apply(revocation, policy: nil)
    #expect(await house.keeper.refreshStanding() == .narrowed)
    let after = try await house.keeper.rotate(.timer)
    #expect(after.head.body.reason == .narrowed)
    #expect(after.head.body.epoch > before.head.body.epoch)
    #expect(after.entries.count < before.entries.count)
  }

  @Test func nothingIsSealedBetweenARevocationAndItsEpoch() async throws {
    let house = try Household()
    try await house.allow(Self.all, version: 1)
    _ = try await house.keeper.rotate(.start)
    try await house.allow([.sensorCamera, .shareVideo, .sensorMicrophone], version: 2)
    guard case .cleared(let clearance) = house.bench.gate.clear(.video, for: .live) else {
      Issue.record("video is allowed")
      return
    }
    let unit = MediaUnit(
      track: Track(.video), kind: .chunk, payload: [1], captureTime: 1, duration: 1, isRandomAccess: true,
      initialization: [1])
    #expect(try house.bench.desk.seal(clearance, unit) == nil)
  }

  @Test func offHoldsThoughTheDiskFails() async throws {
    let house = try Household()
    try await house.allow(Self.all, version: 1)
    try house.breakTheDisk(true)
    await #expect(throws: AgentError(.home, "", advice: "")) {
      try await house.apply(.narrow(flag: "sensor.microphone"))
    }
    #expect(house.bench.gate.denial(.keepSensor, .sensorMicrophone) != nil)
    _ = await house.keeper.refreshStanding()
    #expect(
      house.bench.gate.denial(.keepSensor, .sensorMicrophone) != nil,
      "a failed write is no reason to open it again")
    try house.breakTheDisk(false)
    _ = await house.keeper.refreshStanding()
    #expect(house.bench.gate.denial(.keepSensor, .sensorMicrophone) != nil)
    #expect(house.bench.gate.denial(.keepSensor, .sensorCamera) == nil)
  }

  @Test func onWaitsForTheDisk() async throws {
    let house = try Household()
    try house.breakTheDisk(true)
    await #expect(throws: AgentError(.home, "", advice: "")) { try await house.allow(Self.all, version: 1) }
    #expect(house.bench.gate.denial(.openSensor, .sensorCamera) != nil)
    try house.breakTheDisk(false)
    _ = await house.keeper.refreshStanding()
    #expect(house.bench.gate.denial(.openSensor, .sensorCamera) == nil)
  }

  @Test func aGuestWhoNamesTheOwnersClientTakesNothingFromIt() async throws {
    let house = try Household()
    var guest = try Person()
    try guest.add(house.owner.client.publicKey)
    try await house.allow(Self.all, version: 1)
    try await house.keeper.take(
      chain: EntryList.encode(guest.chain.entries), sealingKeys: EntryList.encode([guest.announcement]))
    try await house.apply(grant(guest), knowing: [guest])
    let message = try await house.keeper.rotate(.widened)
    let entries = try message.entries.map { try KeyEntry(decoding: $0) }
    let owners = entries.filter { $0.client == house.owner.clientID }
    #expect(owners.map(\.account) == [house.owner.chain.id])
    #expect(await house.keeper.commander(house.owner.clientID)?.rights == .all)
  }

  @Test func aRestartHasWhatWasAccepted() async throws {
    let house = try Household()
    try await house.allow([.sensorCamera, .shareVideo], version: 1)
    let bench = Bench(allowed: [])
    let again = try Household.keeper(house.home, house.device, bench)
    #expect(await again.isPaired)
    #expect(bench.gate.denial(.openSensor, .sensorCamera) == nil)
    #expect(bench.gate.denial(.openSensor, .sensorMicrophone) != nil)
  }

  @Test func aDamagedSealingKeyCostsNoStart() async throws {
    let house = try Household()
    try await house.allow(Self.all, version: 1)
    let name = "accounts/\(house.owner.chain.id.hex).keys"
    var announcement = house.owner.announcement
    announcement[announcement.count - 1] ^= 1
    try house.home.write(EntryList.encode([announcement]), name)
    let bench = Bench(allowed: [])
    #expect(await (try Household.keeper(house.home, house.device, bench)).isPaired)
    #expect(!bench.standing.value.recipients.contains { $0.client == house.owner.clientID })
  }

  private func policy(_ person: Person, _ version: UInt64, allowing flag: String = "notify.system") -> [UInt8] {
    person.client.sign(
      AccountPolicyDocument(
        account: person.chain.id, client: person.clientID, version: version, time: 1,
        settings: [.init(flag: flag, allow: true)], texts: []), .policy
    ).bytes
  }

  @Test func anAccountsPolicyIsTakenUpwardAndKeptOverAStart() async throws {
    let house = try Household()
    let owner = house.owner.chain.id
    #expect(await house.keeper.accountsWithoutPolicy == [owner])
    try await house.keeper.take(policy: policy(house.owner, 2), of: owner)
    #expect(await house.keeper.accountPolicy(owner)?.allows("notify.system") == true)
    #expect(await house.keeper.accountsWithoutPolicy.isEmpty)
    // An older one, one of somebody else, and one of the device's own kind change nothing.
    try await house.keeper.take(policy: policy(house.owner, 1, allowing: "notify.email"), of: owner)
    try await house.keeper.take(policy: policy(try Person(), 3, allowing: "notify.email"), of: owner)
    #expect(await house.keeper.accountPolicy(owner)?.version == 2)
    let again = try Household.keeper(house.home, house.device, Bench(allowed: []))
    #expect(await again.accountPolicy(owner)?.version == 2)
    try await again.take(policy: policy(house.owner, 1), of: owner)
    #expect(await again.accountPolicy(owner)?.version == 2)
  }

  @Test func aDamagedAccountPolicyAllowsNothingAndStopsNoStart() async throws {
    let house = try Household()
    let owner = house.owner.chain.id
    try await house.keeper.take(policy: policy(house.owner, 2), of: owner)
    try house.home.write([1, 2, 3], "accounts/\(owner.hex).policy")
    let again = try Household.keeper(house.home, house.device, Bench(allowed: []))
    #expect(await again.accountPolicy(owner) == nil)
  }
}
