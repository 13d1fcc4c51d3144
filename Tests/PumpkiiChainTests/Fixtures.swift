import Crypto
import PumpkiiChain
import PumpkiiWire

/// A key pair that is the same in each run.
struct Person {
  let secret: Curve25519.Signing.PrivateKey
  let key: SigningKey
  var client: ClientID { ClientID(of: key) }

  init(_ seed: UInt8) throws {
    secret = try Curve25519.Signing.PrivateKey(rawRepresentation: [UInt8](repeating: seed, count: 32))
    key = try SigningKey(Array(secret.publicKey.rawRepresentation))
  }

  func sign(_ label: SignatureLabel, _ body: [UInt8]) throws -> PumpkiiWire.Signature {
    try PumpkiiWire.Signature(Array(secret.signature(for: label.message(body))))
  }

  func sign<Body: WireBody>(_ body: Body, _ label: SignatureLabel) throws -> [UInt8] {
    try Signed(body: body, signature: sign(label, body.encoded)).bytes
  }
}

/// An account being written: its paper key, first client and entries so far.
struct Account {
  let paper: Person
  let first: Person
  var entries: [[UInt8]]

  init(_ seed: UInt8) throws {
    paper = try Person(seed)
    first = try Person(seed + 1)
    entries = []
    let change = AccountEntry.Change.genesis(.init(key: first.key, kind: .program), try Self.recovery(paper))
    entries = [try Self.entry(change, version: 1, previous: .zero, by: [first, paper])]
  }

  func chain() throws -> AccountChain { try AccountChain(entries: entries) }

  static func recovery(_ paper: Person) throws -> AccountEntry.Recovery {
    var point = [UInt8](repeating: 0, count: 32)
    point[0] = 9
    return AccountEntry.Recovery(signing: paper.key, suite: .x25519, sealing: point)
  }

  static func entry(
    _ change: AccountEntry.Change, version: UInt32, previous: PumpkiiWire.Digest, by signers: [Person]
  ) throws -> [UInt8] {
    let body = AccountEntry(version: version, previous: previous, time: 1, change: change)
    let signatures = try signers.map { try $0.sign(.account, body.encoded) }
    let signed = zip(signers, signatures).map { SignedAccountEntry.Signer(key: $0.key, signature: $1) }
    return SignedAccountEntry(body: body, signers: signed).bytes
  }

  /// The entry that would follow the one at `place`, the last when left out.
  func next(_ change: AccountEntry.Change, after place: Int? = nil, by signers: Person...) throws -> [UInt8] {
    let before = entries[place ?? entries.count - 1]
    let version = try SignedAccountEntry(decoding: before).body.version
    return try Self.entry(change, version: version + 1, previous: Hashes.sha256(before), by: signers)
  }

  /// Adds a client, signed by the first one.
  mutating func add(_ person: Person, _ kind: AccountEntry.Client.Kind = .program) throws {
    entries.append(try next(.add(.init(key: person.key, kind: kind)), by: first))
  }

  /// Removes a client, signed by the first one.
  mutating func remove(_ person: Person) throws {
    entries.append(try next(.remove(person.client), by: first))
  }
}

/// A device with its roster, and the accounts it knows.
struct Scene {
  let device: Person
  var owner: Account
  var guest: Account
  var roster: Roster
  var known: [AccountID: AccountChain] = [:]
  var nonce: UInt8 = 0

  init() throws {
    device = try Person(1)
    owner = try Account(10)
    guest = try Account(20)
    let chain = try owner.chain()
    let genesis = RosterGenesis(
      device: DeviceID(of: device.key), deviceKey: device.key, owner: chain.id, ownerVersion: 1, ownerHead: chain.head)
    roster = try Roster(genesis: device.sign(genesis, .roster))
    try learn(owner, guest)
  }

  mutating func learn(_ accounts: Account...) throws {
    for account in accounts {
      let chain = try account.chain()
      known[chain.id] = chain
    }
  }

  /// An operation on the roster as it stands, signed by `signer` of `account`.
  mutating func operation(
    _ change: RosterOperation.Change, of account: Account? = nil, by signer: Person? = nil,
    on hash: PumpkiiWire.Digest? = nil, at head: (UInt32, PumpkiiWire.Digest)? = nil
  ) throws -> [UInt8] {
    nonce &+= 1
    let account = account ?? owner
    let chain = try account.chain()
    let signer = signer ?? account.first
    let body = RosterOperation(
      device: DeviceID(of: device.key), client: signer.client, account: chain.id,
      accountVersion: head?.0 ?? chain.version, accountHead: head?.1 ?? chain.head, rosterHash: hash ?? roster.hash,
      nonce: try Nonce([UInt8](repeating: nonce, count: 16)), change: change)
    return try signer.sign(body, .roster)
  }

  @discardableResult
  mutating func take(
    _ change: RosterOperation.Change, of account: Account? = nil, by signer: Person? = nil, now: UInt64 = 0
  ) throws -> PumpkiiWire.Digest {
    let bytes = try operation(change, of: account, by: signer)
    try take(bytes, now: now)
    return Hashes.sha256(bytes)
  }

  mutating func take(_ bytes: [UInt8], now: UInt64 = 0) throws {
    let known = known
    try roster.append(bytes, accounts: { known[$0] }, now: now)
  }

  func grant(
    _ account: Account, _ classes: ClassMask = [ClassMask(.video), ClassMask(.audio)], control: Bool = false,
    from: UInt64 = 0, until: UInt64 = .max
  ) throws -> RosterOperation.Change {
    let chain = try account.chain()
    return .grant(
      .init(
        account: chain.id, accountVersion: chain.version, accountHead: chain.head, classes: classes, control: control,
        from: from, until: until))
  }

  func adding(_ account: Account) throws -> RosterOperation.Change {
    let chain = try account.chain()
    return .addOwner(chain.id, version: chain.version, head: chain.head)
  }
}
