import Crypto
import PumpkiiChain
import PumpkiiWire

/// An Ed25519 key that signs what a test needs signed.
struct TestKey {
  private let key = Curve25519.Signing.PrivateKey()

  var publicKey: SigningKey { get throws { try SigningKey(Array(key.publicKey.rawRepresentation)) } }

  func sign(_ label: SignatureLabel, _ body: [UInt8]) throws -> PumpkiiWire.Signature {
    try PumpkiiWire.Signature(Array(key.signature(for: label.message(body))))
  }

  func sign<Body: WireBody>(_ label: SignatureLabel, _ body: Body) throws -> Signed<Body> {
    Signed(body: body, signature: try sign(label, body.encoded))
  }
}

/// An account with one client, and more when a test adds them.
struct TestAccount {
  let key = TestKey()
  let recovery = TestKey()
  var entries: [[UInt8]]
  let id: AccountID
  let client: ClientID

  init() throws {
    let sealing = Array(Curve25519.KeyAgreement.PrivateKey().publicKey.rawRepresentation)
    let body = AccountEntry(
      version: 1, previous: .zero, time: 1,
      change: .genesis(
        .init(key: try key.publicKey, kind: .program),
        .init(signing: try recovery.publicKey, suite: .x25519, sealing: sealing)))
    let entry = SignedAccountEntry(
      body: body,
      signers: [
        .init(key: try key.publicKey, signature: try key.sign(.account, body.encoded)),
        .init(key: try recovery.publicKey, signature: try recovery.sign(.account, body.encoded)),
      ])
    entries = [entry.bytes]
    id = try AccountID(Hashes.sha256(entry.bytes).bytes)
    client = ClientID(of: try key.publicKey)
  }

  var chain: AccountChain { get throws { try AccountChain(entries: entries) } }

  /// The next entry, signed by the first client.
  func following(_ change: AccountEntry.Change) throws -> [UInt8] {
    let chain = try chain
    let body = AccountEntry(version: chain.version + 1, previous: chain.head, time: 2, change: change)
    let signer = SignedAccountEntry.Signer(key: try key.publicKey, signature: try key.sign(.account, body.encoded))
    return SignedAccountEntry(body: body, signers: [signer]).bytes
  }

  func announcement(counter: UInt32) throws -> [UInt8] {
    let sealing = Array(Curve25519.KeyAgreement.PrivateKey().publicKey.rawRepresentation)
    let body = SealingKeyAnnouncement(
      account: id, client: client, counter: counter, time: 1, suite: .x25519, publicKey: sealing)
    return try key.sign(.sealingKey, body).bytes
  }
}

/// A camera with its roster, and what it signs.
struct TestDevice {
  let key = TestKey()
  let id: DeviceID
  var roster: Roster

  init(owner: TestAccount) throws {
    id = DeviceID(of: try key.publicKey)
    let chain = try owner.chain
    let genesis = RosterGenesis(
      device: id, deviceKey: try key.publicKey, owner: owner.id, ownerVersion: chain.version, ownerHead: chain.head)
    roster = try Roster(genesis: key.sign(.roster, genesis).bytes)
  }

  func operation(_ change: RosterOperation.Change, by account: TestAccount, nonce: UInt8 = 1) throws -> [UInt8] {
    let chain = try account.chain
    let body = RosterOperation(
      device: id, client: account.client, account: account.id, accountVersion: chain.version, accountHead: chain.head,
      rosterHash: roster.hash, nonce: try Nonce(Array(repeating: nonce, count: 16)), change: change)
    return try account.key.sign(.roster, body).bytes
  }

  func grant(
    _ guest: TestAccount, _ classes: ClassMask, by owner: TestAccount, scope: RosterOperation.Scope = .both,
    nonce: UInt8 = 1
  ) throws -> [UInt8] {
    let chain = try guest.chain
    let grant = RosterOperation.Grant(
      account: guest.id, accountVersion: chain.version, accountHead: chain.head, classes: classes, scope: scope)
    return try operation(.grant(grant), by: owner, nonce: nonce)
  }

  mutating func take(_ operation: [UInt8], _ accounts: TestAccount...) throws {
    let chains = try Dictionary(uniqueKeysWithValues: accounts.map { ($0.id, try $0.chain) })
    try roster.append(operation, accounts: { chains[$0] }, now: 1)
  }

  /// A key message with an entry for each account's client.
  func keys(
    epoch: UInt32, to accounts: [TestAccount], refusals: [KeyHead.Refusal] = [], mark: UInt8 = 0
  ) throws -> TestKeys {
    let entries = try accounts.map { account in
      KeyEntry(
        suite: .x25519, client: account.client, keyID: try KeyID(Array(repeating: mark, count: 8)), account: account.id,
        accountVersion: 1, accountHead: .zero, notAfter: .max, encapsulated: Array(repeating: 9, count: 32),
        classes: .all, sealed: Array(repeating: Array(repeating: mark, count: KeyEntry.sealedByteCount), count: 4)
      ).encoded
    }
    let head = KeyHead(
      device: id, deviceKey: try key.publicKey, epoch: epoch, epochUID: try EpochUID(Array(repeating: 1, count: 16)),
      time: 1, bootNonce: try BootNonce(Array(repeating: 2, count: 16)), reason: .start, rosterVersion: roster.version,
      rosterHash: roster.hash, refusals: refusals,
      commitments: MediaClass.allCases.map { .init(mediaClass: $0, commit: .zero) },
      entryDigests: entries.map { Hashes.sha256($0) })
    return TestKeys(head: try key.sign(.keyHead, head).bytes, entries: entries)
  }

  /// An object that looks right from outside; nobody here opens it.
  func object(
    _ track: Track, epoch: UInt32 = 1, segment: UInt32 = 0, index: UInt32, _ flags: ObjectHeader.Flags = [],
    count: Int = 200
  ) -> [UInt8] {
    let header = ObjectHeader(
      flags: flags, mediaClass: track.mediaClass, device: id,
      kid: SegmentKID(epoch: epoch, segment: segment, track: track), index: index,
      length: UInt32(count - ObjectHeader.byteCount))
    return header.bytes + Array(repeating: UInt8(truncatingIfNeeded: index), count: count - ObjectHeader.byteCount)
  }
}

extension TestDevice {
  /// A signed clip record as an item: the clear part that a relay reads, and some bytes that it does not.
  func record(_ number: UInt64, of device: DeviceID? = nil, by key: TestKey? = nil) throws -> [UInt8] {
    var body = ByteWriter()
    body.write(WireItem.Kind.clip.rawValue)
    body.write(device ?? id)
    body.write(number)
    body.write([1, 2, 3] as [UInt8])
    let signature = try (key ?? self.key).sign(.clip, body.bytes)
    return WireItem.control(.clip, body.bytes + signature.bytes).bytes
  }

  /// A clip with video and audio, readable by some accounts.
  func clip(_ number: UInt64, to accounts: [TestAccount], objects: UInt32 = 3, count: Int = 200) throws -> [UInt8] {
    var bytes = try record(number) + keys(epoch: 1, to: accounts).items
    for index in 0..<objects {
      bytes += object(Track(.video), index: index, index == 0 ? .initialization : [], count: count)
      bytes += object(Track(.audio), index: index, index == 0 ? .initialization : [])
    }
    return bytes
  }
}

struct TestKeys {
  let head: [UInt8]
  let entries: [[UInt8]]

  var items: [UInt8] {
    WireItem.control(.keyHead, head).bytes + entries.flatMap { WireItem.control(.keyEntry, $0).bytes }
  }
}
