import Foundation
import Logging
import PumpkiiAgent
import PumpkiiChain
import PumpkiiPolicy
import PumpkiiSystem
import PumpkiiVault
import PumpkiiWire

/// A person's account with one program, made in memory.
struct Person {
  let client = SigningIdentity()
  let recovery = RecoverySeed()
  let sealing = SealingKeyPair(suite: .x25519)
  private(set) var chain: AccountChain

  init() throws {
    let body = AccountEntry(
      version: 1, previous: .zero, time: 1,
      change: .genesis(AccountEntry.Client(key: client.publicKey, kind: .program), recovery.recovery))
    chain = try AccountChain(entries: [
      Self.sign(body, [client, recovery.signing]).bytes
    ])
  }

  var clientID: ClientID { ClientID(of: client.publicKey) }

  /// The sealing key's announcement.
  var announcement: [UInt8] {
    client.sign(
      SealingKeyAnnouncement(
        account: chain.id, client: clientID, counter: 1, time: 1, suite: .x25519, publicKey: sealing.publicKey),
      .sealingKey
    ).bytes
  }

  /// Adds a client by nothing but its public key, as a chain allows.
  mutating func add(_ key: SigningKey) throws {
    let body = AccountEntry(
      version: chain.version + 1, previous: chain.head, time: 2,
      change: .add(AccountEntry.Client(key: key, kind: .program)))
    try chain.append(Self.sign(body, [client]).bytes)
  }

  private static func sign(_ body: AccountEntry, _ signers: [SigningIdentity]) -> SignedAccountEntry {
    SignedAccountEntry(
      body: body,
      signers: signers.map {
        SignedAccountEntry.Signer(key: $0.publicKey, signature: $0.sign(.account, body.encoded))
      })
  }
}

/// A paired camera in a scratch folder, with its owner, and a keeper on it.
final class Household {
  let folder = NSTemporaryDirectory() + "pumpkii-keeper-\(UUID().uuidString)"
  let home: AgentHome
  let device: SigningIdentity
  let owner: Person
  let bench = Bench(allowed: [])
  let keeper: RosterKeeper
  /// The roster as the owner sees it.
  private(set) var roster: Roster

  /// - Parameters:
  ///   - isAudited: whether it keeps ledgers and a counter.
  ///   - change: what else is different about its keeper.
  init(
    isAudited: Bool = false, logger: Logger = Household.silent,
    _ change: (inout RosterKeeper.Parts) -> Void = { _ in }
  ) throws {
    owner = try Person()
    home = try AgentHome(folder)
    device = try home.identity()
    let genesis = device.sign(
      RosterGenesis(
        device: DeviceID(of: device.publicKey), deviceKey: device.publicKey, owner: owner.chain.id,
        ownerVersion: owner.chain.version, ownerHead: owner.chain.head), .roster)
    roster = try Roster(genesis: genesis.bytes)
    let store = RosterStore(home: home)
    try store.save(owner.chain, keys: [owner.announcement])
    try store.save(roster)
    let audit = isAudited ? try Audit(home: home, identity: device, logger: logger) : nil
    keeper = try Self.keeper(home, device, bench, audit: audit, logger: logger, change)
  }

  static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  static func keeper(
    _ home: AgentHome, _ device: SigningIdentity, _ bench: Bench, audit: Audit? = nil, logger: Logger = silent,
    ceiling: [Flag: Bool]? = nil, _ change: (inout RosterKeeper.Parts) -> Void = { _ in }
  ) throws -> RosterKeeper {
    var parts = RosterKeeper.Parts(
      home: home, identity: device, desk: bench.desk, standing: bench.standing, attendant: bench.attendant,
      logger: logger)
    parts.audit = audit
    change(&parts)
    return try RosterKeeper(parts: parts, ceiling: ceiling)
  }

  /// A start on its folder with what the disk holds now.
  func restart(_ bench: Bench = Bench(allowed: [])) throws -> RosterKeeper {
    let audit = try Audit(home: home, identity: device, logger: Self.silent)
    return try Self.keeper(home, device, bench, audit: audit)
  }

  /// A start of the agent under a ceiling.
  /// - Parameter breaking: what happens after the ledgers were opened.
  func start(
    under ceiling: [Flag: Bool]?, _ bench: Bench = Bench(allowed: []), logger: Logger = silent,
    breaking: () throws -> Void = {}
  ) throws -> RosterKeeper {
    let audit = try Audit(home: home, identity: device, logger: Self.silent)
    try breaking()
    return try Self.keeper(home, device, bench, audit: audit, logger: logger, ceiling: ceiling) {
      $0.ownsCeiling = true
    }
  }

  /// Makes every later write of the counter fail, or work again.
  func breakTheCounter(_ isBroken: Bool) throws {
    let path = home.paths.counter
    if isBroken {
      try FileManager.default.moveItem(atPath: path, toPath: "\(path).kept")
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    } else {
      try FileManager.default.removeItem(atPath: path)
      try FileManager.default.moveItem(atPath: "\(path).kept", toPath: path)
    }
  }

  /// What the consent ledger holds, in its order.
  var consents: [ConsentRecord] {
    get throws {
      try AuditReader(home.paths).entries(.consent).compactMap { entry in
        if case .consent(let record) = entry.record { record } else { nil }
      }
    }
  }

  /// An operation of the owner on the present roster, which it then is in the owner's eyes.
  func operation(_ change: RosterOperation.Change) throws -> [UInt8] {
    let body = RosterOperation(
      device: roster.device, client: owner.clientID, account: owner.chain.id, accountVersion: owner.chain.version,
      accountHead: owner.chain.head, rosterHash: roster.hash, nonce: try Nonce(SystemRandom.bytes(16)), change: change)
    return owner.client.sign(body, .roster).bytes
  }

  /// Sends an operation to the keeper and follows it.
  @discardableResult
  func apply(_ change: RosterOperation.Change, policy: [UInt8]? = nil, knowing others: [Person] = []) async throws
    -> [UInt8]
  {
    let bytes = try operation(change)
    let chains = [owner.chain.id: owner.chain].merging(others.map { ($0.chain.id, $0.chain) }) { $1 }
    try roster.append(bytes, accounts: { chains[$0] }, now: 1)
    try await keeper.apply(bytes, policy: policy)
    return bytes
  }

  /// The owner accepts the terms and acknowledges the risk, as nothing leaves the camera without.
  func acceptTerms(version: UInt64 = 1) async throws {
    let texts = [
      AccountPolicyDocument.Text(kind: .terms, version: Texts.terms.number, hash: try Digest(hex: Texts.terms.hash)),
      AccountPolicyDocument.Text(kind: .risk, version: 1, hash: try Digest(hex: Texts.riskHash)),
    ]
    let document = owner.client.sign(
      AccountPolicyDocument(
        account: owner.chain.id, client: owner.clientID, version: version, time: 1,
        settings: texts.map { PolicyDocument.Setting(flag: $0.kind.flag, allow: true) }, texts: texts), .policy)
    try await keeper.take(policy: document.bytes, of: owner.chain.id)
  }

  /// Sets the flags that are allowed, under accepted terms.
  func allow(
    _ flags: [Flag], version: UInt64, _ condition: (inout PolicyConditions) -> Void = { _ in }
  ) async throws {
    var conditions = PolicyConditions()
    condition(&conditions)
    if await keeper.accountPolicy(owner.chain.id) == nil { try await acceptTerms() }
    let document = owner.client.sign(
      PolicyDocument(
        device: roster.device, version: version, time: 1, account: owner.chain.id, client: owner.clientID,
        settings: flags.map { PolicyDocument.Setting(flag: $0.rawValue, allow: true) }, conditions: conditions), .policy
    ).bytes
    try await apply(.setPolicy(version: version, hash: Hashes.sha256(document)), policy: document)
  }

  /// Makes every later write of the roster fail, or work again.
  func breakTheDisk(_ isBroken: Bool) throws {
    let path = "\(folder)/roster"
    if isBroken {
      try FileManager.default.moveItem(atPath: path, toPath: "\(path).kept")
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    } else {
      try FileManager.default.removeItem(atPath: path)
    }
  }
}
