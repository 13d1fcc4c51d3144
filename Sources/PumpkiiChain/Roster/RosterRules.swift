internal import PumpkiiWire

/// What an operation must be before a roster takes it. Nothing here changes a roster.
struct RosterRules {
  /// How much the one who checks knows and answers for.
  enum Reading {
    /// The device: the signer stands now, every named account is known, what has ended is refused.
    case device(now: UInt64)
    /// A reader of what the device took: the signer stood at the account head that the operation names.
    case reader
    /// Hashes and order only; see ``Roster/decodeStructure(entries:)``.
    case structure
  }

  let reading: Reading

  /// - Throws: ``RosterRefusal``.
  func check(
    _ bytes: [UInt8], roster: Roster, accounts: (AccountID) -> AccountChain?
  ) throws(RosterRefusal) -> RosterOperation {
    let signed = try decode(bytes)
    let operation = signed.body
    guard operation.device == roster.device else { throw RosterRefusal(.notAllowed, "made for another device") }
    guard !roster.contains(operation: Hashes.sha256(bytes)) else {
      throw RosterRefusal(.notAllowed, "taken already")
    }
    try checkAuthority(operation, roster: roster)
    if let signer = try signer(of: operation, accounts: accounts) {
      try verify(signed, key: signer.key)
      guard signer.kind == .program || operation.change.isForPages else {
        throw RosterRefusal(.notAllowed, "a page may revoke and narrow only")
      }
    }
    try checkHead(operation, roster: roster)
    try checkChange(operation, roster: roster, accounts: accounts)
    return operation
  }

  private func decode(_ bytes: [UInt8]) throws(RosterRefusal) -> Signed<RosterOperation> {
    guard bytes.count <= WireLimits.chainEntryBytes else { throw RosterRefusal(.badSignature, "too long") }
    do {
      return try Signed<RosterOperation>(decoding: bytes)
    } catch {
      throw RosterRefusal(.badSignature, error.description)
    }
  }

  private func verify(_ signed: Signed<RosterOperation>, key: SigningKey) throws(RosterRefusal) {
    do {
      try SignatureCheck.verify(signed.signature, label: .roster, body: signed.bodyBytes, key: key)
    } catch {
      throw RosterRefusal(.badSignature, error.description)
    }
  }

  /// Owners may ask for anything. A guest whose grant includes control may narrow, and any guest may give its own
  /// grant back; neither widens a thing.
  private func checkAuthority(_ operation: RosterOperation, roster: Roster) throws(RosterRefusal) {
    if roster.owners.contains(operation.account) { return }
    let allowed =
      switch operation.change {
      case .narrow: roster.grants.values.contains { $0.account == operation.account && $0.control && isLive($0) }
      case .revoke(let target): roster.grants[target]?.account == operation.account
      default: false
      }
    guard allowed else { throw RosterRefusal(.notOwner, "the signer's account does not own this device") }
  }

  /// A reader repeats the past, in which the grant was live.
  private func isLive(_ grant: RosterOperation.Grant) -> Bool {
    guard case .device(let now) = reading else { return true }
    return grant.isLive(at: now)
  }

  /// The client that signed, nil where only the structure is read.
  private func signer(
    of operation: RosterOperation, accounts: (AccountID) -> AccountChain?
  ) throws(RosterRefusal) -> AccountEntry.Client? {
    if case .structure = reading { return nil }
    let chain = try known(operation.account, operation.accountVersion, operation.accountHead, accounts)
    var clients = chain.clients(at: operation.accountHead)
    if case .device = reading {
      clients = chain.clients
      guard chain.fork == nil || operation.change.appliesOnAnyHead else {
        throw RosterRefusal(.notAllowed, "the signer's account has two contradicting chains")
      }
    }
    guard let client = clients?[operation.client] else {
      throw RosterRefusal(.notOwner, "the signer is no client of the owner's account")
    }
    return client
  }

  private func known(
    _ account: AccountID, _ version: UInt32, _ head: Digest, _ accounts: (AccountID) -> AccountChain?
  ) throws(RosterRefusal) -> AccountChain {
    guard let chain = accounts(account) else { throw RosterRefusal(.unknownAccount, "no chain of the account") }
    // A head is a hash over all that came before it, so that the chain which had it is the account's.
    guard chain.contains(version: version, head: head) else {
      throw RosterRefusal(.unknownAccount, "the account never had this head, as far as is known here")
    }
    return chain
  }

  private func checkHead(_ operation: RosterOperation, roster: Roster) throws(RosterRefusal) {
    guard operation.change.appliesOnAnyHead || operation.rosterHash == roster.hash else {
      throw RosterRefusal(.otherHead, "made on another head of the roster")
    }
    guard roster.entries.count < limit(operation, roster: roster) else {
      throw RosterRefusal(.notAllowed, "the roster is full")
    }
  }

  /// How long the roster may be for an operation to fit in: nobody but an owner uses up the places in which rights end.
  private func limit(_ operation: RosterOperation, roster: Roster) -> Int {
    guard roster.owners.contains(operation.account) else { return Roster.wideningLimit }
    return switch operation.change {
    case .revoke, .removeOwner: WireLimits.chainEntries
    case .narrow: Roster.narrowingLimit
    case .grant, .setPolicy, .addOwner: Roster.wideningLimit
    }
  }

  private func checkChange(
    _ operation: RosterOperation, roster: Roster, accounts: (AccountID) -> AccountChain?
  ) throws(RosterRefusal) {
    switch operation.change {
    case .grant(let grant):
      try checkGrant(grant, roster: roster, accounts: accounts)
    case .revoke(let target):
      guard roster.grants[target] != nil else { throw RosterRefusal(.unknownTarget, "nothing granted under this hash") }
    case .narrow(let flag):
      guard !flag.isEmpty, roster.narrowed.count < WireLimits.flags else { throw RosterRefusal(.notAllowed, "flag") }
      guard !roster.narrowed.contains(flag) else { throw RosterRefusal(.notAllowed, "denied already") }
    case .setPolicy(let version, _):
      guard version < WireLimits.policyVersions else { throw RosterRefusal(.notAllowed, "policy version") }
      guard version > roster.policyVersion else { throw RosterRefusal(.notAllowed, "not above the policy that stands") }
    case .addOwner(let account, let version, let head):
      guard !roster.owners.contains(account), roster.owners.count < Roster.ownerLimit else {
        throw RosterRefusal(.notAllowed, "an owner already, or too many owners")
      }
      try checkTarget(account, version, head, accounts)
    case .removeOwner(let account):
      guard operation.account == roster.owners.first else {
        throw RosterRefusal(.notAllowed, "only the first owner removes owners")
      }
      guard roster.owners.contains(account) else { throw RosterRefusal(.unknownTarget, "not an owner") }
      guard roster.owners.count > 1 else { throw RosterRefusal(.notAllowed, "a device keeps one owner") }
    }
  }

  private func checkGrant(
    _ grant: RosterOperation.Grant, roster: Roster, accounts: (AccountID) -> AccountChain?
  ) throws(RosterRefusal) {
    guard roster.grants.count < Roster.grantLimit else { throw RosterRefusal(.notAllowed, "too many grants") }
    guard grant.from < grant.until else { throw RosterRefusal(.notAllowed, "ends before it begins") }
    if case .device(let now) = reading, grant.until <= now { throw RosterRefusal(.expired, "has ended already") }
    try checkTarget(grant.account, grant.accountVersion, grant.accountHead, accounts)
  }

  /// The device must hold the chain of whom it will seal to, at least up to the head that the owner saw. A reader seals
  /// to nobody and need not know a guest.
  private func checkTarget(
    _ account: AccountID, _ version: UInt32, _ head: Digest, _ accounts: (AccountID) -> AccountChain?
  ) throws(RosterRefusal) {
    guard case .device = reading else { return }
    _ = try known(account, version, head, accounts)
  }
}

extension RosterOperation.Change {
  /// What a client that lives in a browser may ask for.
  fileprivate var isForPages: Bool {
    switch self {
    case .revoke, .narrow: true
    case .grant, .setPolicy, .addOwner, .removeOwner: false
    }
  }
}
