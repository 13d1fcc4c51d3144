package import Logging
internal import PumpkiiChain
internal import PumpkiiSystem
package import PumpkiiVault
package import PumpkiiWire

/// What people can check afterwards, composed: both ledgers, the counter that anchors them, and the keys of the persons
/// in them.
package struct Audit: Sendable {
  package let counter: Counter
  package let consents: ConsentLedger
  package let decisions: DecisionLog
  package let rowKeys: RowKeyRing
  let paths: AgentPaths

  /// Opens and proves all of it. An agent that gets an error here denies everything.
  /// - Throws: ``AgentError``: `rollback`, `audit` or `home`.
  package init(home: AgentHome, identity: SigningIdentity, logger: Logger) throws(AgentError) {
    try self.init(paths: home.paths, identity: identity, logger: logger)
  }

  init(paths: AgentPaths, identity: SigningIdentity, logger: Logger) throws(AgentError) {
    let counter = try Counter(path: paths.counter, identity: identity)
    let folder = AuditFolder(paths.ledgers)
    let rowKeys = RowKeyRing(folder: paths.rowKeys)
    if !counter.isStored, let past = try paths.past() { throw Counter.missing(past) }
    let ledger = { (log: AuditLog) throws(AgentError) in
      try AuditLedger(
        AuditLedger.Parts(
          log: log, folder: folder, identity: identity, counter: counter, keys: rowKeys, limits: .standard(log)))
    }
    self.counter = counter
    self.rowKeys = rowKeys
    self.paths = paths
    consents = ConsentLedger(ledger: try ledger(.consent))
    decisions = DecisionLog(ledger: try ledger(.decisions), logger: logger)
  }

  /// Refuses what an older disk holds. Ask before anything that was read from it counts.
  /// - Parameters:
  ///   - policy: what ``PolicyStore/load()`` gave; one that it refused denies everything anyway.
  ///   - rosterVersion: entries of the stored roster; 0 for none.
  /// - Throws: ``AgentError`` `rollback`.
  package func check(policy: PolicyStore.State, rosterVersion: UInt64) throws(AgentError) {
    switch policy {
    case .refused: break
    case .none: try counter.check(policyVersion: 0, hash: .zero)
    case .document(let bytes):
      let version = (try? Signed<PolicyDocument>(decoding: bytes))?.body.version ?? 0
      try counter.check(policyVersion: version, hash: Hashes.sha256(bytes))
    }
    try counter.check(rosterVersion: rosterVersion)
  }

  /// Policy and roster are on the disk: nothing older counts any more.
  /// - Throws: ``AgentError`` `rollback` or `home`.
  package func stored(policyVersion: UInt64, policyHash: Digest, rosterVersion: UInt64) throws(AgentError) {
    try counter.raise { anchor in
      anchor.policyVersion = policyVersion
      anchor.policyHash = policyHash
      anchor.rosterVersion = rosterVersion
    }
  }

  /// Refuses owners' and guests' accounts of an older disk: a client that was removed, a consent that was withdrawn. A
  /// policy that is damaged allows nothing anyway.
  /// - Throws: ``AgentError`` `rollback`, or what raising the counter throws.
  func check(accountsOf state: RosterState) throws(AgentError) {
    let people = state.roster?.people ?? []
    for account in people {
      let (chain, policy) = (state.accounts[account], state.accountPolicies[account])
      try counter.check(
        account, chain: chain, policy: policy, isPolicyReadable: !state.unreadablePolicies.contains(account))
      // A crash between the file and the counter, and a counter that did not know the account yet.
      if chain != nil { try stored(account, chain: chain, policy: policy, people: people) }
    }
  }

  /// What the disk holds of an account: nothing older counts any more.
  /// - Parameters:
  ///   - chain: nil where it is the one that is known.
  ///   - policy: nil where it is the one that is known.
  ///   - people: owners, then guests; whoever is none of them, or finds no room, is forgotten.
  /// - Throws: ``AgentError`` `rollback` or `home`.
  func stored(
    _ account: AccountID, chain: AccountChain?, policy: Signed<AccountPolicyDocument>?, people: [AccountID]
  ) throws(AgentError) {
    let counted = Set(people.prefix(WireLimits.countedAccounts))
    guard counted.contains(account) else { return }
    try counter.raise { anchor in
      anchor.accounts = anchor.accounts.filter { counted.contains($0.key) }
      var known = anchor.accounts[account] ?? AuditAnchor.Account()
      if let chain { (known.chainVersion, known.chainHead) = (chain.version, chain.head) }
      if let policy { (known.policyVersion, known.policyHash) = (policy.body.version, Hashes.sha256(policy.bytes)) }
      anchor.accounts[account] = known
    }
  }

  /// The accounts that the ledgers name whose id begins so; none for less than eight digits, as the log prints them.
  func accounts(beginningWith prefix: String) -> [AccountID] {
    guard prefix.utf8.count >= 8 else { return [] }
    return rowKeys.accounts.filter { $0.hex.hasPrefix(prefix.lowercased()) }
  }
}
