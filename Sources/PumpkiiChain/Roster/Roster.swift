package import PumpkiiWire

/// Who may do what with one device: the append-only chain that the device itself orders.
///
/// Device, relay and client run this code. The device takes operations with ``append(_:accounts:now:)`` and is strict
/// about the signer's standing now; a reader repeats what the device took with ``extend(entries:accounts:)``, where a
/// signer need only have stood at the account head that the operation names: what was accepted outlives its signer.
/// That the device really took an operation is said by its key head, which signs version and hash.
package struct Roster: Sendable, Equatable {
  /// Owners of one device. With their clients and paper keys they leave most of a key message's entries to guests.
  package static let ownerLimit = WireLimits.owners
  /// Live grants of one device.
  package static let grantLimit = WireLimits.entries
  /// The end of a full roster is kept for what only takes away, and for owners.
  static let wideningLimit = WireLimits.chainEntries - 256
  /// The very last places are kept for owners who end somebody's rights.
  static let narrowingLimit = WireLimits.chainEntries - 128

  /// Encoded ``Signed`` values as received: the genesis, then the operations.
  package private(set) var entries: [[UInt8]]
  /// The device's id.
  package let device: DeviceID
  /// The device's key, which makes its id.
  package let deviceKey: SigningKey
  /// The first is the first owner, who alone removes others.
  package internal(set) var owners: [AccountID]
  /// Live grants by the SHA-256 of their operation.
  package internal(set) var grants: [Digest: RosterOperation.Grant] = [:]
  /// Flags denied since the last policy was set.
  package internal(set) var narrowed: Set<String> = []
  /// Which owner made a grant; its grants end with its ownership.
  var grantors: [Digest: AccountID] = [:]
  var policyVersion: UInt64
  var policyHash: Digest
  /// The hash after each entry.
  private var hashes: [Digest]
  private var operations: Set<Digest> = []

  /// A roster of nothing but its first entry, signed by the device itself.
  /// - Throws: ``ChainError``: `malformed`, `wrongDevice` or a signature's code.
  package init(genesis: [UInt8]) throws(ChainError) {
    guard genesis.count <= WireLimits.chainEntryBytes else { throw ChainError(.malformed, "roster genesis") }
    let signed = try Decoding.signed(RosterGenesis.self, genesis)
    guard DeviceID(of: signed.body.deviceKey) == signed.body.device else {
      throw ChainError(.wrongDevice, "roster genesis")
    }
    guard signed.body.policyVersion < WireLimits.policyVersions else { throw ChainError(.malformed, "policy version") }
    try SignatureCheck.verify(
      signed.signature, label: .roster, body: signed.bodyBytes, key: signed.body.deviceKey)
    device = signed.body.device
    deviceKey = signed.body.deviceKey
    owners = [signed.body.owner]
    policyVersion = signed.body.policyVersion
    policyHash = signed.body.policyHash
    entries = [genesis]
    hashes = [Hashes.sha256(Digest.zero.bytes, genesis)]
  }

  /// 1 after the genesis.
  package var version: UInt64 { UInt64(entries.count) }
  /// hash n = SHA-256(hash n−1 ‖ entry n).
  package var hash: Digest { hashes[hashes.count - 1] }
  /// The policy document that the owners set last; version 0 and zero before the first.
  package var policy: (version: UInt64, hash: Digest) { (policyVersion, policyHash) }

  /// Was this ever the roster's version and hash?
  package func contains(version: UInt64, hash: Digest) -> Bool {
    guard version >= 1, version <= UInt64(hashes.count) else { return false }
    return hashes[Int(version) - 1] == hash
  }

  /// Was an operation with this SHA-256 taken? Then a retry of it is done already.
  package func contains(operation: Digest) -> Bool { operations.contains(operation) }

  /// Takes an operation, as the device does: its signer must stand now, and `accounts` must know every account in it.
  /// - Throws: ``RosterRefusal``; the roster then stands as it was.
  package mutating func append(
    _ operation: [UInt8], accounts: (AccountID) -> AccountChain?, now: UInt64
  ) throws(RosterRefusal) {
    try take(operation, RosterRules(reading: .device(now: now)), accounts: accounts)
  }

  mutating func take(
    _ bytes: [UInt8], _ rules: RosterRules, accounts: (AccountID) -> AccountChain?
  ) throws(RosterRefusal) {
    let operation = try rules.check(bytes, roster: self, accounts: accounts)
    let id = Hashes.sha256(bytes)
    apply(operation, id: id)
    operations.insert(id)
    hashes.append(Hashes.sha256(hash.bytes, bytes))
    entries.append(bytes)
  }

  private mutating func apply(_ operation: RosterOperation, id: Digest) {
    switch operation.change {
    case .grant(let grant):
      grants[id] = grant
      grantors[id] = operation.account
    case .revoke(let target):
      grants[target] = nil
      grantors[target] = nil
    case .narrow(let flag):
      narrowed.insert(flag)
    case .setPolicy(let version, let hash):
      policyVersion = version
      policyHash = hash
      narrowed = []
    case .addOwner(let account, _, _):
      owners.append(account)
    case .removeOwner(let account):
      owners.removeAll { $0 == account }
      for (id, grantor) in grantors where grantor == account {
        grants[id] = nil
        grantors[id] = nil
      }
    }
  }
}
