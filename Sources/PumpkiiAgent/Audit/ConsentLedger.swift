internal import PumpkiiSystem
package import PumpkiiWire

/// The consent ledger: an act counts once ``record(_:by:)`` or ``settle()`` has returned. Blocks for the disk.
package struct ConsentLedger: Sendable {
  private let ledger: AuditLedger

  package init(ledger: AuditLedger) { self.ledger = ledger }

  var head: AuditAnchor.Head { ledger.head }

  /// Writes, syncs and anchors one act.
  /// - Throws: ``AgentError``: `home` or `audit`; the act then does not count.
  package func record(_ act: ConsentRecord, by person: AuditPerson?) throws(AgentError) {
    try write(act, by: person, at: Clocks.unixMicroseconds())
    try settle()
  }

  /// Writes and syncs one act. It counts once ``settle()`` has returned.
  /// - Parameter time: Unix µs at which it was said.
  /// - Throws: ``AgentError``: `home` or `audit`; it is not there then.
  func write(_ act: ConsentRecord, by person: AuditPerson?, at time: UInt64) throws(AgentError) {
    try ledger.append([.consent(act, person, at: time)])
  }

  /// - Throws: ``AgentError``: `home` or `rollback`.
  func settle() throws(AgentError) { try ledger.settle() }

  func erased(_ row: RowID) throws(AgentError) {
    try ledger.append([.record(.erased(row), at: Clocks.unixMicroseconds())])
    try ledger.settle()
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
