package import PumpkiiChain
internal import PumpkiiSystem
internal import PumpkiiVault
package import PumpkiiWire

/// Reads and proves the ledgers beside a running agent: takes no lock and writes nothing.
package struct AuditReader: Sendable {
  private let folder: AuditFolder
  private let key: SigningKey
  private let anchor: AuditAnchor
  private let people: [RowID: RowKey]

  /// - Throws: ``AgentError``: `keys` without an identity, `rollback` without a counter, `audit`, `home`.
  package init(_ paths: AgentPaths) throws(AgentError) {
    folder = AuditFolder(paths.ledgers)
    key = try Self.key(paths)
    people = RowKeyRing(folder: paths.rowKeys).all
    // Before the ledgers: an agent that writes meanwhile is ahead of it, never behind.
    let stored = try Counter.read(paths.counter, key: key)
    if stored == nil, let past = try paths.past() { throw Counter.missing(past) }
    anchor = stored ?? AuditAnchor(device: DeviceID(of: key))
  }

  private static func key(_ paths: AgentPaths) throws(AgentError) -> SigningKey {
    try paths.requireRights()
    let identity: SigningIdentity?
    do throws(VaultError) { identity = try SigningIdentity.load(paths.identity) } catch {
      throw AgentError(
        .keys, "the camera's identity \(paths.identity) cannot be read (\(error.code.rawValue))",
        advice: "Run this as the agent's user, and name its folder with --home.")
    }
    guard let identity else {
      throw AgentError(
        .keys, "there is no camera's identity at \(paths.identity)", advice: "Name the agent's folder with --home.")
    }
    return identity.publicKey
  }

  /// Proves one ledger: every entry's signature, the chain, and the anchored head.
  /// - Throws: ``AgentError``: `rollback` or `audit` when it is not whole, `home`.
  package func verify(_ log: AuditLog) throws(AgentError) -> AuditCheck.Report {
    let contents = try folder.contents(log)
    do throws(ChainError) {
      return try AuditCheck.verify(log, files: contents, key: key, anchor: anchor[log])
    } catch {
      throw AgentError(refusing: log, error)
    }
  }

  /// Every entry that decodes, oldest first, proved or not.
  /// - Throws: ``AgentError`` `home`.
  package func entries(_ log: AuditLog) throws(AgentError) -> [AuditEntry] {
    try folder.contents(log).flatMap { AuditFile.split($0).entries }
      .compactMap { try? Signed<AuditEntry>(decoding: $0).body }
  }

  /// Who an entry is about; nil for nobody, or when the account's key was destroyed.
  package func person(in entry: AuditEntry) -> AuditPerson? {
    guard let sealed = entry.record.person, let key = people[sealed.row],
      let (account, client) = try? key.open(sealed, log: entry.log, device: entry.device, number: entry.number)
    else { return nil }
    return AuditPerson(account: account, client: client)
  }
}

extension AuditRecord {
  /// The sealed person of a record that has one.
  package var person: SealedPerson? {
    switch self {
    case .consent(let record): record.person
    case .admitted(let person, _), .cut(let person): person
    default: nil
    }
  }
}
