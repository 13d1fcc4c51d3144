import PumpkiiChain
import PumpkiiWire
import Testing

@Suite struct AccountPolicyCheckTests {
  var account: Account
  let phone: Person

  init() throws {
    account = try Account(10)
    phone = try Person(60)
  }

  private func body(_ version: UInt64, by signer: Person? = nil, of other: Account? = nil) throws
    -> AccountPolicyDocument
  {
    AccountPolicyDocument(
      account: try (other ?? account).chain().id, client: (signer ?? account.first).client, version: version, time: 1,
      settings: [.init(flag: "terms.accepted", allow: true), .init(flag: "notify.system", allow: false)],
      texts: [.init(kind: .terms, version: 1, hash: Hashes.sha256([1]))])
  }

  private func document(_ version: UInt64, by signer: Person? = nil, label: SignatureLabel = .policy) throws
    -> [UInt8]
  {
    try (signer ?? account.first).sign(body(version, by: signer), label)
  }

  private func check(_ bytes: [UInt8], accepted: [UInt8]? = nil) throws -> UInt64 {
    try AccountPolicyCheck.verify(bytes, chain: account.chain(), accepted: accepted).body.version
  }

  @Test func aProgramOfTheAccountSetsItUpward() throws {
    let second = try document(2)
    #expect(try check(second) == 2)
    #expect(try check(second, accepted: second) == 2)
    #expect(try check(document(3), accepted: second) == 3)
    #expect(throws: ChainError(.rolledBack, "")) { try check(document(1), accepted: second) }
    let sibling = try account.first.sign(
      AccountPolicyDocument(
        account: account.chain().id, client: account.first.client, version: 2, time: 2, settings: [], texts: []),
      .policy)
    #expect(throws: ChainError(.rolledBack, "")) { try check(sibling, accepted: second) }
  }

  @Test mutating func nobodyElseSetsIt() throws {
    #expect(throws: ChainError(.notMember, "")) { try check(document(1, by: phone)) }
    #expect(throws: ChainError(.badSignature, "")) { try check(document(1, label: .account)) }
    let foreign = try account.first.sign(body(1, of: Account(30)), .policy)
    #expect(throws: ChainError(.wrongAccount, "")) { try check(foreign) }
    try account.add(phone, .page)
    #expect(throws: ChainError(.notAllowed, "")) { try check(document(1, by: phone)) }
  }

  @Test mutating func whatAClientSetHoldsAfterItLeftAndNothingNewDoes() throws {
    try account.add(phone)
    let old = try document(1, by: phone)
    #expect(try check(old) == 1)
    try account.remove(phone)
    #expect(try check(old, accepted: old) == 1)
    #expect(throws: ChainError(.notMember, "")) { try check(old) }
    #expect(throws: ChainError(.notMember, "")) { try check(document(2, by: phone), accepted: old) }
  }

  @Test func noBytesAreBothADevicesAndAPersonsPolicy() throws {
    // A camera whose id were the very tag: the only one for which the two bodies could begin alike.
    let device = try DeviceID(AccountPolicyDocument.tag)
    let chain = try account.chain()
    let confusing = PolicyDocument(
      device: device, version: 1, time: 1, account: chain.id, client: account.first.client,
      settings: [.init(flag: "notify.system", allow: true)])
    #expect(throws: WireError(.unknownType, "")) { try PolicyDocument(decoding: confusing.encoded) }
    let own = try body(1).encoded
    #expect(throws: WireError(.unknownType, "")) { try PolicyDocument(decoding: own) }
    let scene = try Scene()
    let policy = PolicyDocument(
      device: scene.roster.device, version: 1, time: 1, account: chain.id, client: account.first.client, settings: [])
    #expect(throws: WireError(.unknownType, "")) { try AccountPolicyDocument(decoding: policy.encoded) }
    // Whatever its first 16 bytes are, a body is refused by one of the two.
    for start in [AccountPolicyDocument.tag, scene.roster.device.bytes, Array(repeating: 0, count: 16)] {
      let bytes = start + own.dropFirst(16)
      let isPersons = (try? AccountPolicyDocument(decoding: bytes)) != nil
      let isDevices = (try? PolicyDocument(decoding: bytes)) != nil
      #expect(!(isPersons && isDevices))
    }
  }

  @Test func onlyAPersonsFlagsAndTheirTextsAreRead() throws {
    let chain = try account.chain()
    func encoded(_ flags: [String: Bool], _ texts: [AccountPolicyDocument.Text] = []) -> [UInt8] {
      AccountPolicyDocument(
        account: chain.id, client: account.first.client, version: 1, time: 1,
        settings: flags.map { .init(flag: $0.key, allow: $0.value) }, texts: texts
      ).encoded
    }
    let terms = AccountPolicyDocument.Text(kind: .terms, version: 1, hash: Hashes.sha256([1]))
    #expect(throws: Never.self) { try AccountPolicyDocument(decoding: encoded(["terms.accepted": true], [terms])) }
    for flags in [["sensor.camera": true], ["share.video": false], ["terms": false], ["record.cloud": true]] {
      #expect(throws: WireError(.unknownValue, "")) { try AccountPolicyDocument(decoding: encoded(flags)) }
    }
    #expect(throws: WireError(.unknownValue, "")) {
      try AccountPolicyDocument(decoding: encoded(["terms.accepted": true]))
    }
    #expect(throws: WireError(.unknownValue, "")) {
      try AccountPolicyDocument(decoding: encoded(["terms.accepted": false], [terms]))
    }
    #expect(throws: WireError(.order, "")) {
      try AccountPolicyDocument(decoding: encoded(["terms.accepted": true], [terms, terms]))
    }
  }
}
