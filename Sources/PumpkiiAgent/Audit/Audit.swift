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

  /// Opens and proves all of it. An agent that gets an error here denies everything.
  /// - Throws: ``AgentError``: `rollback`, `audit` or `home`.
  package init(home: AgentHome, identity: SigningIdentity, logger: Logger) throws(AgentError) {
    try self.init(paths: home.paths, identity: identity, logger: logger)
  }

  init(paths: AgentPaths, identity: SigningIdentity, logger: Logger) throws(AgentError) {
    let counter = try Counter(path: paths.counter, identity: identity)
    let folder = AuditFolder(paths.ledgers)
    let rowKeys = RowKeyRing(folder: paths.rowKeys)
    if !counter.isStored { try Self.checkFresh(folder) }
    let ledger = { (log: AuditLog) throws(AgentError) in
      try AuditLedger(
        AuditLedger.Parts(
          log: log, folder: folder, identity: identity, counter: counter, keys: rowKeys, limits: .standard(log)))
    }
    self.counter = counter
    self.rowKeys = rowKeys
    consents = ConsentLedger(ledger: try ledger(.consent))
    decisions = DecisionLog(ledger: try ledger(.decisions), logger: logger)
  }

  /// Without a counter there must be no ledger either: somebody took it away.
  private static func checkFresh(_ folder: AuditFolder) throws(AgentError) {
    for log in AuditLog.allCases {
      for bytes in try folder.contents(log) where !bytes.isEmpty {
        throw AgentError(
          .rollback, "the counter beside the camera's key is missing, and the \(log.name) ledger is there",
          advice: "Everything is denied. Restore the counter, or reset the camera and pair it anew.")
      }
    }
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

  /// Destroys the key of an account's personal values in both ledgers, and notes that somebody's was.
  /// - Throws: ``AgentError``: `audit` or `home`.
  package func erase(_ account: AccountID) throws(AgentError) {
    let row: RowID?
    do throws(VaultError) {
      row = try rowKeys.erase(account)
    } catch {
      throw AgentError(
        .audit, "the account's key could not be destroyed (\(error.code.rawValue))",
        advice: "Check that the folder of keys can be written, and ask again.")
    }
    if let row { try consents.erased(row) }
  }
}
