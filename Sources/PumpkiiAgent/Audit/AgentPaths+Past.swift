internal import PumpkiiSystem
internal import PumpkiiWire

extension AgentPaths {
  /// What shows that the device has a past, so that a missing counter was taken away; nil for a fresh one, and for one
  /// whose roster nobody has changed since it was paired. Writes nothing.
  /// - Throws: ``AgentError`` `home`.
  func past() throws(AgentError) -> String? {
    let ledgers = AuditFolder(ledgers)
    for log in AuditLog.allCases where try ledgers.contents(log).contains(where: { !$0.isEmpty }) {
      return "the \(log.name) ledger"
    }
    for name in ["policy", "policy.next", "policy.pair"] where DurableFile.exists("\(folder)/\(name)") {
      return "a policy"
    }
    let roster = try AgentHome.guarded { () throws(SystemError) in try DurableFile.read("\(folder)/roster") }
    guard let roster, (try? EntryList.decode(roster))?.count != 1 else { return nil }
    return "a roster with changes"
  }
}
