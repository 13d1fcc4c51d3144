internal import PumpkiiChain
internal import PumpkiiSystem
internal import PumpkiiWire

// What the keeper has accepted, on its way to the disk.
extension RosterKeeper {
  /// Writes chains, consents, policy and roster, in this order: nothing counts before it can be proven, and a roster never
  /// names a chain or a policy that the disk does not hold. Then what accounts allow of their own.
  /// - Throws: ``AgentError``: `home` or `audit`.
  func save() throws(AgentError) {
    while let account = unsavedChains.first {
      if let chain = state.accounts[account] {
        try store.save(chain, keys: state.keys.announcements)
        try anchor(account, chain: chain)
      }
      unsavedChains.remove(account)
    }
    try writeConsents()
    try saveRoster()
    while let account = unsavedPolicies.first {
      if let policy = state.accountPolicies[account] {
        try store.save(policy)
        try anchor(account, policy: policy)
      }
      unsavedPolicies.remove(account)
    }
    saveBoard()
  }

  /// Denials made on the board, once the disk takes them; nothing else waits for them.
  private func saveBoard() {
    guard isBoardUnsaved, let board = state.board else { return }
    if (try? parts.home.write(board.encoded, BoardState.fileName)) != nil { isBoardUnsaved = false }
  }

  private func saveRoster() throws(AgentError) {
    guard isUnsaved, let roster = state.roster else { return }
    if case .document(let policy) = state.policy, Hashes.sha256(policy) == roster.policy.hash {
      try AgentHome.guarded { () throws(SystemError) in
        try PolicyStore(folder: parts.home.policyFolder).store(
          policy, version: roster.policy.version, keeping: savedPolicy)
      }
    }
    try store.save(roster)
    savedPolicy = roster.policy.hash
    try anchor()
    try anchorNewPeople(of: roster)
    // Only now: what the counter does not know could be taken back unseen, so it is tried again until it does.
    isUnsaved = false
  }
}
