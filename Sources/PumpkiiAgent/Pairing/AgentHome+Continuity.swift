internal import PumpkiiChain
internal import PumpkiiSystem
internal import PumpkiiWire

extension AgentHome {
  /// Refuses a new owner where every later start would be refused: the counter beside the key has come further than
  /// this folder, or one of the two is of another camera. Ask before anything of the owner is written.
  /// - Parameter adopted: the policy that the new owner takes over; nil where nobody owned the board.
  /// - Throws: ``AgentError``: `rollback`, `audit`, `keys` or `home`.
  func requireContinuity(taking adopted: LocalPolicy? = nil) throws(AgentError) {
    do throws(AgentError) {
      guard DurableFile.exists(paths.identity) else { return try requireNoCounter() }
      let reader = try AuditReader(paths)
      for log in AuditLog.allCases { _ = try reader.verify(log) }
      let counter = try Counter(path: paths.counter, identity: identity())
      try counter.check(rosterVersion: adopted?.rosterVersion ?? 1)
      // One that is damaged or gone is not taken over; then nothing is allowed.
      if adopted?.version == 0 { return }
      try counter.check(policyVersion: adopted?.version ?? 0, hash: adopted?.hash ?? .zero)
    } catch {
      guard error.code == .rollback else { throw error }
      throw AgentError(
        .rollback, "the keys in \(keysFolder) have a past that \(folder) does not hold: \(error.reason)",
        advice: "Put the newest state folder back, or begin anew: \(Counter.anew)")
    }
  }

  /// Without a key, nothing that was signed with one is this camera's.
  private func requireNoCounter() throws(AgentError) {
    if let past = try paths.past() { throw Counter.missing(past) }
    guard DurableFile.exists(paths.counter) else { return }
    throw Counter.rollback("a folder without the camera's key")
  }
}
