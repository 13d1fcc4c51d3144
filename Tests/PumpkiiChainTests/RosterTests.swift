import PumpkiiChain
import PumpkiiWire
import Testing

@Suite struct RosterTests {
  var scene: Scene
  let phone: Person

  init() throws {
    scene = try Scene()
    phone = try Person(60)
  }

  private func refuses(
    _ reason: KeyHead.Refusal.Reason, _ bytes: [UInt8], now: UInt64 = 0, at place: SourceLocation = #_sourceLocation
  ) {
    var copy = scene
    #expect(throws: RosterRefusal(reason, ""), sourceLocation: place) { try copy.take(bytes, now: now) }
    #expect(copy.roster == scene.roster, sourceLocation: place)
  }

  // MARK: Genesis

  @Test func theGenesisNamesTheOwnerAndIsSignedByTheDevice() throws {
    let roster = scene.roster
    #expect(roster.version == 1 && roster.entries.count == 1)
    #expect(roster.hash == Hashes.sha256(Digest.zero.bytes, roster.entries[0]))
    #expect(roster.owners == [try scene.owner.chain().id])
    #expect(roster.policy.version == 0 && roster.policy.hash == .zero)
    #expect(roster.contains(version: 1, hash: roster.hash) && !roster.contains(version: 0, hash: .zero))
    #expect(!roster.contains(version: 2, hash: roster.hash) && !roster.contains(version: 1, hash: .zero))
  }

  @Test func aGenesisOfAnotherKeyIsRefused() throws {
    let chain = try scene.owner.chain()
    var genesis = RosterGenesis(
      device: DeviceID(of: scene.device.key), deviceKey: scene.device.key, owner: chain.id, ownerVersion: 1,
      ownerHead: chain.head)
    let forged = try phone.sign(genesis, .roster)
    #expect(throws: ChainError(.badSignature, "")) { try Roster(genesis: forged) }
    let mislabelled = try scene.device.sign(genesis, .account)
    #expect(throws: ChainError(.badSignature, "")) { try Roster(genesis: mislabelled) }
    genesis.deviceKey = phone.key
    let stolen = try phone.sign(genesis, .roster)
    #expect(throws: ChainError(.wrongDevice, "")) { try Roster(genesis: stolen) }
    #expect(throws: ChainError(.malformed, "")) { try Roster(genesis: [1]) }
  }

  // MARK: Grants and revocations

  @Test mutating func aSpanIsWhatIsLiveThenElseWhatComesNextElseWhatEndedLast() throws {
    let guest = try scene.guest.chain().id
    #expect(scene.roster.span(of: guest, at: 5) == nil)
    try scene.take(scene.operation(scene.grant(scene.guest, [ClassMask(.video)], from: 10, until: 20)))
    try scene.take(scene.operation(scene.grant(scene.guest, [ClassMask(.audio)], from: 15, until: 30)))
    let (video, audio) = (ClassMask(.video), ClassMask(.audio))
    func span(_ time: UInt64) -> Roster.Span? { scene.roster.span(of: guest, at: time) }
    #expect(span(5)?.from == 10 && span(5)?.until == 20 && span(5)?.classes == video)
    #expect(span(10)?.classes == video && span(10)?.from == 10)
    #expect(span(16)?.classes == video.union(audio) && span(16)?.from == 10 && span(16)?.until == 30)
    #expect(span(20)?.classes == audio && span(20)?.until == 30)
    #expect(span(30)?.classes == audio && span(30)?.until == 30 && span(30)?.control == false)
  }

  @Test mutating func aGrantGivesAndARevocationTakes() throws {
    let guest = try scene.guest.chain().id
    let hash = scene.roster.hash
    let bytes = try scene.operation(scene.grant(scene.guest, [ClassMask(.video), ClassMask(.event)]))
    try scene.take(bytes)
    #expect(scene.roster.version == 2 && scene.roster.hash == Hashes.sha256(hash.bytes, bytes))
    #expect(scene.roster.rights(of: guest, now: 5) == ClassMask(.video), "events are for owners")
    #expect(scene.roster.rights(of: scene.roster.owners[0], now: 5) == .all)
    #expect(scene.roster.grants[Hashes.sha256(bytes)]?.account == guest)
    #expect(scene.roster.recipients(now: 5) == [scene.roster.owners[0], guest])
    try scene.take(.revoke(Hashes.sha256(bytes)))
    #expect(scene.roster.rights(of: guest, now: 5).isEmpty && scene.roster.grants.isEmpty)
    #expect(scene.roster.contains(version: 2, hash: Hashes.sha256(hash.bytes, bytes)))
  }

  @Test mutating func rightsAreTheUnionOfLiveGrantsBetweenTheirInstants() throws {
    let guest = try scene.guest.chain().id
    try scene.take(scene.grant(scene.guest, ClassMask(.video), from: 10, until: 30))
    try scene.take(scene.grant(scene.guest, ClassMask(.audio), control: true, from: 20, until: .max))
    let video = ClassMask(.video)
    let expected: [(UInt64, ClassMask)] = [
      (9, []), (10, video), (19, video), (20, [video, ClassMask(.audio)]), (29, [video, ClassMask(.audio)]),
      (30, ClassMask(.audio)),
    ]
    for (now, rights) in expected { #expect(scene.roster.rights(of: guest, now: now) == rights, "at \(now)") }
    #expect([0, 10, 20, 30].map { scene.roster.nextChange(after: $0) } == [10, 20, 30, nil])
    #expect(!scene.roster.mayControl(guest, now: 19) && scene.roster.mayControl(guest, now: 20))
    #expect(scene.roster.mayControl(scene.roster.owners[0], now: 0))
    #expect([9, 10, 20].map { scene.roster.end(of: guest, now: $0) } == [nil, 30, .max])
    #expect(scene.roster.recipients(now: 9).count == 1)
  }

  @Test mutating func anUnknownTargetOrAnEndedGrantIsRefused() throws {
    refuses(.unknownTarget, try scene.operation(.revoke(.zero)))
    refuses(.expired, try scene.operation(scene.grant(scene.guest, until: 50)), now: 50)
    refuses(.notAllowed, try scene.operation(scene.grant(scene.guest, from: 50, until: 50)))
    let grant = try scene.take(scene.grant(scene.guest, until: 50), now: 49)
    try scene.take(.revoke(grant))
    refuses(.unknownTarget, try scene.operation(.revoke(grant)))
  }

  // MARK: Who may ask

  @Test mutating func aGuestNeitherGrantsNorSetsAnything() throws {
    let grant = try scene.take(scene.grant(scene.guest, control: true))
    let third = try Account(40)
    try scene.learn(third)
    let wishes: [RosterOperation.Change] = [
      try scene.grant(third), try scene.grant(scene.guest), .setPolicy(version: 1, hash: .zero),
      try scene.adding(scene.guest), .removeOwner(scene.roster.owners[0]), .revoke(.zero),
    ]
    for wish in wishes { refuses(.notOwner, try scene.operation(wish, of: scene.guest)) }
    refuses(.notOwner, try scene.operation(.revoke(grant), of: third))
    refuses(.notOwner, try scene.operation(.narrow(flag: "share.video"), of: third))
  }

  @Test mutating func aGuestWithControlNarrowsAndAnyGuestGivesItsGrantBack() throws {
    let grant = try scene.take(scene.grant(scene.guest, control: true, until: 100))
    refuses(.notOwner, try scene.operation(.narrow(flag: "sensor.camera"), of: scene.guest), now: 100)
    try scene.take(.narrow(flag: "sensor.camera"), of: scene.guest, now: 99)
    #expect(scene.roster.narrowed == ["sensor.camera"])
    try scene.take(.revoke(grant), of: scene.guest, now: 200)
    #expect(scene.roster.grants.isEmpty)
    try scene.take(scene.grant(scene.guest))
    refuses(.notOwner, try scene.operation(.narrow(flag: "sensor.microphone"), of: scene.guest))
  }

  @Test mutating func pagesRevokeAndNarrowOnly() throws {
    let grant = try scene.take(scene.grant(scene.guest))
    try scene.owner.add(phone, .page)
    try scene.learn(scene.owner)
    let wishes: [RosterOperation.Change] = [
      try scene.grant(scene.guest), .setPolicy(version: 1, hash: .zero), try scene.adding(scene.guest),
      .removeOwner(scene.roster.owners[0]),
    ]
    for wish in wishes { refuses(.notAllowed, try scene.operation(wish, by: phone)) }
    try scene.take(.narrow(flag: "share.audio"), by: phone)
    try scene.take(.revoke(grant), by: phone)
    #expect(scene.roster.grants.isEmpty && scene.roster.narrowed == ["share.audio"])
  }

  @Test mutating func theSignerStandsNow() throws {
    try scene.owner.add(phone)
    let head = try scene.owner.chain()
    try scene.learn(scene.owner)
    try scene.take(scene.grant(scene.guest), by: phone)
    try scene.owner.remove(phone)
    try scene.learn(scene.owner)
    refuses(.notOwner, try scene.operation(.narrow(flag: "share.video"), by: phone))
    refuses(
      .notOwner, try scene.operation(.narrow(flag: "share.video"), by: phone, at: (head.version, head.head)))
    #expect(scene.roster.grants.count == 1, "what was accepted outlives its signer")
    let read = try Roster.decode(entries: scene.roster.entries) { [known = scene.known] in known[$0] }
    #expect(read == scene.roster)
  }

  @Test mutating func theAccountAndItsHeadAreKnown() throws {
    let grant = try scene.grant(scene.guest)
    refuses(.unknownAccount, try scene.operation(grant, at: (1, .zero)))
    refuses(.unknownAccount, try scene.operation(grant, at: (2, scene.owner.chain().head)))
    var newer = scene.guest
    try newer.add(phone)
    refuses(.unknownAccount, try scene.operation(scene.grant(newer)))
    refuses(.unknownAccount, try scene.operation(scene.grant(Account(40))))
    refuses(.unknownAccount, try scene.operation(scene.adding(Account(40))))
    let owner = scene.roster.owners[0]
    let bytes = try scene.operation(grant)
    scene.known[owner] = try Account(40).chain()
    refuses(.unknownAccount, bytes)
    scene.known[owner] = nil
    refuses(.unknownAccount, bytes)
  }

  @Test mutating func aForkedAccountOnlyTakesAway() throws {
    let grant = try scene.take(scene.grant(scene.guest))
    let beside = try scene.owner.next(.add(.init(key: phone.key, kind: .page)), after: 0, by: scene.owner.first)
    try scene.owner.add(phone)
    var chain = try scene.owner.chain()
    #expect(throws: ChainError(.fork, "")) { try chain.append(beside) }
    scene.known[chain.id] = chain
    refuses(.notAllowed, try scene.operation(scene.grant(scene.guest)))
    try scene.take(.revoke(grant))
    #expect(scene.roster.grants.isEmpty)
  }

  // MARK: Order

  @Test mutating func whatGivesNeedsTheHeadAndWhatTakesDoesNot() throws {
    let old = scene.roster.hash
    let grant = try scene.take(scene.grant(scene.guest))
    let third = try Account(40)
    try scene.learn(third)
    for wish in [try scene.grant(scene.guest), try scene.adding(third), .setPolicy(version: 1, hash: .zero)] {
      refuses(.otherHead, try scene.operation(wish, on: old))
    }
    try scene.take(scene.adding(third))
    for wish in [.revoke(grant), .narrow(flag: "x"), .removeOwner(try third.chain().id)] as [RosterOperation.Change] {
      try scene.take(scene.operation(wish, on: old))
    }
    #expect(scene.roster.version == 6)
  }

  @Test mutating func theSameBytesAreTakenOnce() throws {
    try scene.take(.setPolicy(version: 1, hash: .zero))
    let narrow = try scene.operation(.narrow(flag: "share.video"))
    #expect(!scene.roster.contains(operation: Hashes.sha256(narrow)))
    try scene.take(narrow)
    #expect(scene.roster.contains(operation: Hashes.sha256(narrow)))
    try scene.take(.setPolicy(version: 2, hash: .zero))
    #expect(scene.roster.narrowed.isEmpty)
    refuses(.notAllowed, narrow)
  }

  @Test mutating func otherDevicesAndBrokenBytesAreRefused() throws {
    var other = try Scene()
    let bytes = try other.operation(.narrow(flag: "share.video"))
    var broken = bytes
    broken[broken.count - 1] ^= 1
    refuses(.badSignature, Array(bytes.dropLast()))
    refuses(.badSignature, bytes + [0])
    refuses(.badSignature, [UInt8](repeating: 0, count: WireLimits.chainEntryBytes + 1))
    refuses(.badSignature, broken)
    let signed = try Signed<RosterOperation>(decoding: bytes)
    var body = signed.body
    body.device = DeviceID(of: phone.key)
    refuses(.notAllowed, try scene.owner.first.sign(body, .roster))
    refuses(.badSignature, try scene.owner.first.sign(signed.body, .policy))
    refuses(.badSignature, try phone.sign(signed.body, .roster))
  }

  // MARK: Owners and policies

  @Test mutating func onlyTheFirstOwnerRemovesOwnersAndTheirGrantsEnd() throws {
    let second = try Account(40)
    let third = try Account(50)
    try scene.learn(second, third)
    try scene.take(scene.adding(second))
    try scene.take(scene.adding(third), of: second)
    refuses(.notAllowed, try scene.operation(scene.adding(second)))
    let kept = try scene.take(scene.grant(scene.guest, ClassMask(.audio)))
    try scene.take(scene.grant(scene.guest, ClassMask(.video)), of: second)
    let (firstID, secondID, thirdID) = try (scene.owner.chain().id, second.chain().id, third.chain().id)
    #expect(scene.roster.owners == [firstID, secondID, thirdID])
    refuses(.notAllowed, try scene.operation(.removeOwner(thirdID), of: second))
    refuses(.notAllowed, try scene.operation(.removeOwner(thirdID), of: third))
    refuses(.unknownTarget, try scene.operation(.removeOwner(scene.guest.chain().id)))
    try scene.take(.removeOwner(secondID))
    #expect(scene.roster.owners == [firstID, thirdID] && Array(scene.roster.grants.keys) == [kept])
    refuses(.notOwner, try scene.operation(.narrow(flag: "x"), of: second))
    try scene.take(.removeOwner(firstID))
    #expect(scene.roster.owners == [thirdID] && scene.roster.grants.isEmpty, "the first owner hands over by itself")
    refuses(.notAllowed, try scene.operation(.removeOwner(thirdID), of: third))
  }

  @Test mutating func aDeviceHasEightOwnersAtMost() throws {
    for seed in 0..<7 {
      let account = try Account(UInt8(100 + 2 * seed))
      try scene.learn(account)
      try scene.take(scene.adding(account))
    }
    let ninth = try Account(200)
    try scene.learn(ninth)
    refuses(.notAllowed, try scene.operation(scene.adding(ninth)))
  }

  @Test mutating func policiesOnlyGoUpAndEndWhatWasNarrowed() throws {
    let hash = Hashes.sha256([1])
    try scene.take(.narrow(flag: "share.audio"))
    refuses(.notAllowed, try scene.operation(.setPolicy(version: 0, hash: hash)))
    try scene.take(.setPolicy(version: 3, hash: hash))
    #expect(scene.roster.policy.version == 3 && scene.roster.policy.hash == hash && scene.roster.narrowed.isEmpty)
    refuses(.notAllowed, try scene.operation(.setPolicy(version: 3, hash: .zero)))
    refuses(.notAllowed, try scene.operation(.setPolicy(version: 2, hash: .zero)))
    refuses(.notAllowed, try scene.operation(.narrow(flag: "")))
  }

  @Test mutating func nobodySetsALastPolicyVersion() throws {
    refuses(.notAllowed, try scene.operation(.setPolicy(version: 1 << 63, hash: .zero)))
    try scene.take(.setPolicy(version: (1 << 63) - 1, hash: .zero))
    let chain = try scene.owner.chain()
    let genesis = RosterGenesis(
      device: DeviceID(of: scene.device.key), deviceKey: scene.device.key, owner: chain.id, ownerVersion: 1,
      ownerHead: chain.head, policyVersion: 1 << 63)
    let bytes = try scene.device.sign(genesis, .roster)
    #expect(throws: ChainError(.malformed, "")) { try Roster(genesis: bytes) }
    let document = PolicyDocument(
      device: genesis.device, version: 1 << 63, time: 1, account: chain.id, client: scene.owner.first.client,
      settings: [])
    #expect(throws: WireError(.overLimit, "")) { try PolicyDocument(decoding: document.encoded) }
  }

  @Test mutating func whatIsDeniedAlreadyUsesUpNoPlace() throws {
    try scene.take(.narrow(flag: "share.audio"))
    refuses(.notAllowed, try scene.operation(.narrow(flag: "share.audio")))
    try scene.take(.setPolicy(version: 1, hash: .zero))
    try scene.take(.narrow(flag: "share.audio"))
  }

  // MARK: A full roster

  /// Until the roster has `count` entries: policies, unsigned, for only the order matters here.
  private mutating func fill(to count: Int) throws {
    var hash = scene.roster.hash
    var entries = scene.roster.entries
    let chain = try scene.owner.chain()
    let signature = try scene.owner.first.sign(.roster, [])
    while entries.count < count {
      let body = RosterOperation(
        device: scene.roster.device, client: scene.owner.first.client, account: chain.id, accountVersion: chain.version,
        accountHead: chain.head, rosterHash: hash, nonce: try Nonce([UInt8](repeating: 0, count: 16)),
        change: .setPolicy(version: UInt64(entries.count), hash: .zero))
      entries.append(Signed(body: body, signature: signature).bytes)
      hash = Hashes.sha256(hash.bytes, entries[entries.count - 1])
    }
    try scene.roster.extendStructure(entries: entries)
  }

  @Test mutating func theLastPlacesAreForOwnersWhoEndRights() throws {
    let held = try scene.take(scene.grant(scene.guest, control: true))
    var grants: [PumpkiiWire.Digest] = []
    for _ in 0..<128 { grants.append(try scene.take(scene.grant(scene.guest))) }
    try fill(to: 4096 - 256)
    refuses(.notAllowed, try scene.operation(scene.grant(scene.guest)))
    refuses(.notAllowed, try scene.operation(.setPolicy(version: 5000, hash: .zero)))
    refuses(.notAllowed, try scene.operation(.revoke(held), of: scene.guest))
    refuses(.notAllowed, try scene.operation(.narrow(flag: "share.audio"), of: scene.guest))
    try scene.take(.narrow(flag: "share.audio"))
    for grant in grants.dropLast() { try scene.take(.revoke(grant)) }
    #expect(scene.roster.entries.count == 4096 - 128)
    refuses(.notAllowed, try scene.operation(.narrow(flag: "share.video")))
    try scene.take(.revoke(grants[127]))
  }

  // MARK: Readers

  @Test mutating func readersFollowTheDevice() throws {
    var reader = scene.roster
    let early = scene.roster.entries
    try scene.take(scene.grant(scene.guest))
    try scene.take(.narrow(flag: "share.audio"))
    let known = scene.known
    let strangers = known.filter { $0.key == scene.roster.owners[0] }
    try reader.extend(entries: scene.roster.entries) { strangers[$0] }
    #expect(reader == scene.roster, "a reader need not know the guests")
    try reader.extend(entries: scene.roster.entries) { known[$0] }
    #expect(throws: ChainError(.rolledBack, "")) { try reader.extend(entries: early) { known[$0] } }
    #expect(throws: ChainError(.empty, "")) { try Roster.decode(entries: []) { known[$0] } }
    var swapped = scene.roster.entries
    swapped.swapAt(1, 2)
    #expect(throws: ChainError(.fork, "")) { try reader.extend(entries: swapped) { known[$0] } }
    #expect(throws: ChainError(.otherHead, "")) { try Roster.decode(entries: swapped) { known[$0] } }
    #expect(throws: ChainError(.unknownAccount, "")) { try Roster.decode(entries: reader.entries) { _ in nil } }
  }

  @Test mutating func aReaderChecksEverySignature() throws {
    let honest = scene.roster
    let forged = try Signed(
      body: Signed<RosterOperation>(decoding: scene.operation(scene.grant(scene.guest))).body,
      signature: scene.guest.first.sign(.roster, [1])
    ).bytes
    let known = scene.known
    var reader = honest
    #expect(throws: ChainError(.badSignature, "")) {
      try reader.extend(entries: honest.entries + [forged]) { known[$0] }
    }
    #expect(reader == honest)
  }

  @Test mutating func theStructureAloneHoldsOrderAndRulesButNoSignatures() throws {
    try scene.take(scene.grant(scene.guest))
    try scene.take(.setPolicy(version: 1, hash: .zero))
    let structure = try Roster.decodeStructure(entries: scene.roster.entries)
    #expect(structure == scene.roster)
    var shorter = try Roster.decodeStructure(entries: Array(scene.roster.entries.prefix(2)))
    try shorter.extendStructure(entries: scene.roster.entries)
    #expect(shorter == scene.roster)
    var broken = scene.roster.entries
    broken[1][broken[1].count - 1] ^= 1
    #expect(throws: ChainError(.otherHead, "")) { try Roster.decodeStructure(entries: broken) }
    let byGuest = try scene.operation(scene.grant(scene.guest), of: scene.guest)
    #expect(throws: ChainError(.notOwner, "")) {
      try Roster.decodeStructure(entries: scene.roster.entries + [byGuest])
    }
  }

  @Test mutating func anOperationNamesTheAccountsItNeeds() throws {
    let (owner, guest) = try (scene.owner.chain().id, scene.guest.chain().id)
    #expect(try Roster.accounts(in: scene.operation(scene.grant(scene.guest))) == [owner, guest])
    #expect(try Roster.accounts(in: scene.operation(scene.adding(scene.guest))) == [owner, guest])
    #expect(try Roster.accounts(in: scene.operation(.narrow(flag: "x"))) == [owner])
    #expect(throws: ChainError(.malformed, "")) { try Roster.accounts(in: [1]) }
  }
}
