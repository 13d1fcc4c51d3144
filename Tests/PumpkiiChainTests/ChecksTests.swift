import PumpkiiChain
import PumpkiiWire
import Testing

@Suite struct KeyHeadCheckTests {
  let device: Person
  var head: KeyHead

  init() throws {
    device = try Person(1)
    head = KeyHead(
      device: DeviceID(of: device.key), deviceKey: device.key, epoch: 4,
      epochUID: try EpochUID([UInt8](repeating: 2, count: 16)), time: 5,
      bootNonce: try BootNonce([UInt8](repeating: 3, count: 16)), reason: .start, rosterVersion: 1, rosterHash: .zero,
      commitments: [.init(mediaClass: .video, commit: .zero)], entryDigests: [Hashes.sha256([1])])
  }

  @Test func theDevicesOwnHeadPasses() throws {
    let bytes = try device.sign(head, .keyHead)
    #expect(try KeyHeadCheck.verify(bytes, device: head.device).body == head)
  }

  @Test mutating func anotherDeviceKeyOrLabelIsRefused() throws {
    let other = try Person(2)
    let id = head.device
    let bytes = try device.sign(head, .keyHead)
    #expect(throws: ChainError(.wrongDevice, "")) { try KeyHeadCheck.verify(bytes, device: DeviceID(of: other.key)) }
    head.device = DeviceID(of: other.key)
    let named = try device.sign(head, .keyHead)
    #expect(throws: ChainError(.wrongDevice, "")) { try KeyHeadCheck.verify(named, device: id) }
    head.device = id
    let label = try device.sign(head, .beacon)
    #expect(throws: ChainError(.badSignature, "")) { try KeyHeadCheck.verify(label, device: id) }
    head.deviceKey = other.key
    let swapped = try other.sign(head, .keyHead)
    #expect(throws: ChainError(.wrongDevice, "")) { try KeyHeadCheck.verify(swapped, device: id) }
    head.device = DeviceID(of: other.key)
    let whole = try other.sign(head, .keyHead)
    #expect(throws: ChainError(.wrongDevice, "")) { try KeyHeadCheck.verify(whole, device: id) }
  }

  @Test func anyFlippedBitIsRefused() throws {
    let bytes = try device.sign(head, .keyHead)
    for bit in 0..<bytes.count * 8 {
      var flipped = bytes
      flipped[bit / 8] ^= 1 << (bit % 8)
      #expect(throws: ChainError.self) { try KeyHeadCheck.verify(flipped, device: head.device) }
    }
  }

  @Test mutating func anEntryStandsOnceAndClassesAscend() throws {
    let id = head.device
    head.entryDigests.append(head.entryDigests[0])
    let twice = try device.sign(head, .keyHead)
    #expect(throws: ChainError(.malformed, "")) { try KeyHeadCheck.verify(twice, device: id) }
    head.entryDigests.removeLast()
    head.commitments.append(.init(mediaClass: .video, commit: .zero))
    let order = try device.sign(head, .keyHead)
    #expect(throws: ChainError(.malformed, "")) { try KeyHeadCheck.verify(order, device: id) }
  }
}

@Suite struct LoginCheckTests {
  let person: Person
  let challenge: Challenge
  let relay = LoginStatement.Relay.origin("https://relay.example:8443")

  init() throws {
    person = try Person(5)
    challenge = try Challenge([UInt8](repeating: 9, count: 32))
  }

  private func statement(
    _ relay: LoginStatement.Relay? = nil, key: Person? = nil, by signer: Person? = nil, label: SignatureLabel = .login
  ) throws -> [UInt8] {
    let body = LoginStatement(
      relay: relay ?? self.relay, keyID: KeyID(signing: (key ?? person).key), challenge: challenge)
    return try (signer ?? person).sign(body, label)
  }

  private func check(_ bytes: [UInt8], _ challenge: Challenge? = nil) throws {
    let names = [relay, .pin(Hashes.sha256([1]))]
    try LoginCheck.verify(bytes, key: person.key, relay: names, challenge: challenge ?? self.challenge)
  }

  @Test func theKeysOwnStatementPassesUnderEachName() throws {
    try check(statement())
    try check(statement(.pin(Hashes.sha256([1]))))
  }

  @Test func otherRelaysChallengesKeysAndLabelsAreRefused() throws {
    let other = try Person(6)
    #expect(throws: ChainError(.wrongRelay, "")) { try check(statement(.origin("https://evil.example"))) }
    #expect(throws: ChainError(.wrongRelay, "")) { try check(statement(.pin(.zero))) }
    let late = try Challenge([UInt8](repeating: 8, count: 32))
    #expect(throws: ChainError(.wrongChallenge, "")) { try check(statement(), late) }
    #expect(throws: ChainError(.wrongKey, "")) { try check(statement(key: other)) }
    #expect(throws: ChainError(.badSignature, "")) { try check(statement(by: other)) }
    #expect(throws: ChainError(.badSignature, "")) { try check(statement(label: .command)) }
    #expect(throws: ChainError(.malformed, "")) { try check(statement() + [0]) }
  }
}

@Suite struct CommandCheckTests {
  let person: Person
  let device: DeviceID

  init() throws {
    person = try Person(5)
    device = DeviceID(of: try Person(1).key)
  }

  private func check(
    _ counter: UInt64 = 2, notAfter: UInt64 = 100, device other: DeviceID? = nil, client: Person? = nil,
    label: SignatureLabel = .command, now: UInt64 = 100
  ) throws {
    let body = Command(
      device: other ?? device, client: (client ?? person).client, counter: counter, notAfter: notAfter, kind: .photo)
    let bytes = try person.sign(body, label)
    let signed = try CommandCheck.verify(bytes, key: person.key, device: device, now: now, lastCounter: 1)
    #expect(signed.body == body)
  }

  @Test func aFreshCommandPasses() throws {
    try check()
    try check(notAfter: 100 + 30_000_000)
  }

  @Test func staleFarForeignAndMislabelledCommandsAreRefused() throws {
    let other = try Person(6)
    #expect(throws: ChainError(.rolledBack, "")) { try check(1) }
    #expect(throws: ChainError(.expired, "")) { try check(notAfter: 99) }
    #expect(throws: ChainError(.notAllowed, "")) { try check(notAfter: 101 + 30_000_000) }
    #expect(throws: ChainError(.notAllowed, "")) { try check(notAfter: .max) }
    #expect(throws: ChainError(.wrongDevice, "")) { try check(device: DeviceID(of: other.key)) }
    #expect(throws: ChainError(.wrongKey, "")) { try check(client: other) }
    #expect(throws: ChainError(.badSignature, "")) { try check(label: .roster) }
  }
}

@Suite struct PolicyCheckTests {
  var scene: Scene
  let phone: Person

  init() throws {
    scene = try Scene()
    phone = try Person(60)
  }

  private func document(
    _ version: UInt64, of account: Account? = nil, by signer: Person? = nil, as client: Person? = nil,
    device: DeviceID? = nil, label: SignatureLabel = .policy
  ) throws -> [UInt8] {
    let account = account ?? scene.owner
    let signer = signer ?? account.first
    let body = PolicyDocument(
      device: device ?? scene.roster.device, version: version, time: 1, account: try account.chain().id,
      client: (client ?? signer).client, settings: [.init(flag: "sensor.camera", allow: true)])
    return try signer.sign(body, label)
  }

  private func check(_ bytes: [UInt8]) throws -> UInt64 {
    try PolicyCheck.verify(bytes, roster: scene.roster) { scene.known[$0] }.body.version
  }

  @Test func anOwnersProgramSetsThePolicy() throws {
    #expect(try check(document(1)) == 1)
    #expect(throws: ChainError(.rolledBack, "")) { try check(document(0)) }
    #expect(throws: ChainError(.notOwner, "")) { try check(document(1, of: scene.guest)) }
    #expect(throws: ChainError(.badSignature, "")) { try check(document(1, by: phone, as: scene.owner.first)) }
    #expect(throws: ChainError(.notMember, "")) { try check(document(1, by: phone)) }
    #expect(throws: ChainError(.wrongDevice, "")) { try check(document(1, device: DeviceID(of: phone.key))) }
    #expect(throws: ChainError(.badSignature, "")) { try check(document(1, label: .roster)) }
    #expect(throws: ChainError(.malformed, "")) { try check([1]) }
  }

  @Test mutating func aPageDoesNotAndAnUnknownAccountCannot() throws {
    try scene.owner.add(phone, .page)
    try scene.learn(scene.owner)
    let page = try document(1, by: phone)
    #expect(throws: ChainError(.notAllowed, "")) { try check(page) }
    let (owner, stranger) = try (scene.owner.chain().id, Account(40))
    let forged = PolicyDocument(
      device: scene.roster.device, version: 1, time: 1, account: owner, client: stranger.first.client, settings: [])
    let bytes = try stranger.first.sign(forged, .policy)
    scene.known[owner] = try stranger.chain()
    #expect(throws: ChainError(.unknownAccount, "")) { try check(bytes) }
    scene.known = [:]
    #expect(throws: ChainError(.unknownAccount, "")) { try check(document(1)) }
  }

  @Test mutating func whatTheRosterNamesOutlivesItsSignerAndNothingElseOfThatVersionStands() throws {
    try scene.owner.add(phone)
    try scene.learn(scene.owner)
    let set = try document(4, by: phone)
    try scene.take(.setPolicy(version: 4, hash: Hashes.sha256(set)))
    try scene.owner.remove(phone)
    try scene.learn(scene.owner)
    #expect(try check(set) == 4)
    #expect(throws: ChainError(.rolledBack, "")) { try check(document(4)) }
    #expect(throws: ChainError(.rolledBack, "")) { try check(document(3)) }
    #expect(throws: ChainError(.notMember, "")) { try check(document(5, by: phone)) }
    #expect(try check(document(5)) == 5)
  }

  @Test mutating func aForgedDocumentIsRefusedEvenIfTheRosterNamesIt() throws {
    let forged = try document(4, by: phone, as: scene.owner.first)
    try scene.take(.setPolicy(version: 4, hash: Hashes.sha256(forged)))
    #expect(throws: ChainError(.badSignature, "")) { try check(forged) }
  }
}
