internal import PumpkiiSystem
package import PumpkiiWire

/// The consent ledger: an act counts once ``record(_:by:)`` has returned. Blocks until it is on the disk.
package struct ConsentLedger: Sendable {
  private let ledger: AuditLedger

  package init(ledger: AuditLedger) { self.ledger = ledger }

  /// Writes, syncs and anchors one act.
  /// - Throws: ``AgentError``: `home` or `audit`; the act then does not count.
  package func record(_ act: ConsentRecord, by person: AuditPerson?) throws(AgentError) {
    try ledger.append([.consent(act, person, at: Clocks.unixMicroseconds())])
  }

  func erased(_ row: RowID) throws(AgentError) {
    try ledger.append([.record(.erased(row), at: Clocks.unixMicroseconds())])
  }
}

extension ConsentRecord {
  /// The flags whose value `after` changes against `before`; nil where it changes none.
  package static func changes(
    from before: Set<String>, to after: Set<String>
  ) -> [PolicyDocument.Setting]? {
    let changed = before.symmetricDifference(after).sorted()
    return changed.isEmpty ? nil : changed.map { PolicyDocument.Setting(flag: $0, allow: after.contains($0)) }
  }
}
