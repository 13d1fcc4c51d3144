internal import Logging
internal import PumpkiiChain
internal import PumpkiiPolicy
internal import PumpkiiSystem
package import PumpkiiWire

// What changes the keeper's state: operations of owners and guests, longer chains and newer keys of accounts.
extension RosterKeeper {
  /// Takes a longer chain and newer sealing keys of an account. What does not verify is left out, and said so. What the
  /// disk refuses is owed to it: no roster is written that names a chain which is not there.
  /// - Throws: ``AgentError`` `home`.
  package func take(chain entries: [UInt8], sealingKeys: [UInt8]) throws(AgentError) {
    guard let list = try? EntryList.decode(entries), let chain = extended(by: list) else { return }
    let isNewer = state.accounts[chain.id] != chain
    state.accounts[chain.id] = chain
    var hasNewKeys = false
    for announcement in (try? EntryList.decode(sealingKeys)) ?? [] {
      if (try? state.keys.take(announcement, chain: chain)) == true { hasNewKeys = true }
    }
    guard isNewer || hasNewKeys else { return }
    unsavedChains.insert(chain.id)
    try save()
  }

  /// Takes what an account allows of its own: signed by a program of it, and above what was taken before. It holds from
  /// here on, whether the disk takes it or not.
  /// - Throws: ``AgentError`` `home`.
  package func take(policy bytes: [UInt8], of account: AccountID) throws(AgentError) {
    guard let chain = state.accounts[account], bytes != state.accountPolicies[account]?.bytes else { return }
    let policy: Signed<AccountPolicyDocument>
    do throws(ChainError) {
      policy = try AccountPolicyCheck.verify(bytes, chain: chain, accepted: state.accountPolicies[account]?.bytes)
    } catch {
      parts.logger.warning("an account's policy was refused", metadata: ["code": "\(error.code.rawValue)"])
      return
    }
    guard isAboveCounter(policy, of: account) else {
      parts.logger.warning("an account's policy is older than the counter", metadata: ["code": "agent-rollback"])
      return
    }
    let before = state.accountPolicies[account]?.body
    state.accountPolicies[account] = policy
    if state.roster?.owners.contains(account) == true {
      let hand = Hand(origin: .owner, person: AuditPerson(account: account, client: policy.body.client))
      owe(ConsentStatement.account(from: before, to: policy.body), by: hand, under: state)
      let now = Clocks.unixMicroseconds()
      let after = state.standing(now: now)
      // Flags say nothing of it: the terms are a layer of their own.
      let decision = decide(Request(point: .upload, flag: .shareVideo), facts: after.facts, now: now)
      parts.ledger?.record("terms", ["allow": .truth(decision.layer != .terms), "t": .count(now)])
      takeHold(of: after)
    }
    unsavedPolicies.insert(account)
    try save()
  }

  /// One whose file was damaged or taken away does not come back older.
  private func isAboveCounter(_ policy: Signed<AccountPolicyDocument>, of account: AccountID) -> Bool {
    guard let known = parts.audit?.counter.value.accounts[account] else { return true }
    return policy.body.version > known.policyVersion
      || (policy.body.version == known.policyVersion && Hashes.sha256(policy.bytes) == known.policyHash)
  }

  /// The known chain made longer; a fork is kept in memory, so that its account gains no new rights.
  private func extended(by list: [[UInt8]]) -> AccountChain? {
    guard let genesis = list.first, let id = try? AccountID(Hashes.sha256(genesis).bytes) else { return nil }
    do throws(ChainError) {
      guard var known = state.accounts[id] else { return try AccountChain(entries: list) }
      do throws(ChainError) {
        try known.extend(list)
      } catch {
        if error.code == .fork { state.accounts[id] = known }
        throw error
      }
      return known
    } catch {
      parts.logger.warning("an account chain was refused", metadata: ["code": "\(error.code.rawValue)"])
      return nil
    }
  }

  /// Applies one operation: accepted and stored, or noted as refused for the next key head. ``owed`` then says whether an
  /// epoch must begin.
  /// - Parameter policy: the document that a `setPolicy` names, as the relay has it.
  /// - Throws: ``AgentError`` `home` when it cannot be stored; what it withdraws holds all the same, what it gives waits.
  package func apply(_ operation: [UInt8], policy: [UInt8]?) throws(AgentError) {
    guard var roster = state.roster else { return }
    guard !roster.contains(operation: Hashes.sha256(operation)) else { return try save() }
    let accounts = state.accounts
    do throws(RosterRefusal) {
      try roster.append(operation, accounts: { accounts[$0] }, now: Clocks.unixMicroseconds())
    } catch {
      return refuse(operation, error.reason, error.detail)
    }
    guard let body = try? Signed<RosterOperation>(decoding: operation).body else { return }
    let change = body.change
    guard mayChange(body, roster) else { return refuse(operation, .notAllowed, "guests may not control this camera") }
    var next = state
    next.roster = roster
    if case .setPolicy(let version, let hash) = change {
      guard let policy, Hashes.sha256(policy) == hash,
        (try? PolicyCheck.verify(policy, roster: roster, accounts: { accounts[$0] }))?.body.version == version
      else { return refuse(operation, .notAllowed, "the policy document is not the one the operation names") }
      next.policy = .document(policy)
    }
    let isOwner = roster.owners.contains(body.account)
    let hand = Hand(
      origin: isOwner ? .owner : .guest, person: AuditPerson(account: body.account, client: body.client))
    owe(statements(of: change, in: next), by: hand, under: next)
    try accept(next, change)
  }

  /// What an operation says about flags; who may see is in the roster and the decision log.
  private func statements(of change: RosterOperation.Change, in next: RosterState) -> [ConsentStatement] {
    switch change {
    case .narrow(let flag):
      return [ConsentStatement(act: .narrowed, settings: [PolicyDocument.Setting(flag: flag, allow: false)])]
    case .setPolicy:
      guard let document = next.policyDocument else { return [] }
      return ConsentStatement.policy(
        from: state.policyDocument, narrowed: state.roster?.narrowed ?? [], to: document)
    case .grant, .revoke, .addOwner, .removeOwner: return []
    }
  }

  /// A guest's control asks for `share.device` besides the grant (E11): the owner may deny it to all guests at once.
  /// What ends a guest's own right is always taken.
  private func mayChange(_ body: RosterOperation, _ roster: Roster) -> Bool {
    guard case .narrow = body.change, !roster.owners.contains(body.account) else { return true }
    let now = Clocks.unixMicroseconds()
    var facts = parts.standing.value.facts
    facts.grant = GrantFacts(media: [], control: roster.mayControl(body.account, now: now))
    return decide(Request(point: .serve, flag: .shareDevice, account: body.account.hex), facts: facts, now: now).allowed
  }

  private func accept(_ accepted: RosterState, _ change: RosterOperation.Change) throws(AgentError) {
    var next = accepted
    next.read(clock: parts.clock)
    let after = next.standing(now: Clocks.unixMicroseconds())
    note(change, from: parts.standing.value, to: after)
    state = next
    isUnsaved = true
    takeHold(of: after)
    // Its issuer waits for a head that names this roster, whoever gained or lost by it.
    owed = owed ?? (change.appliesOnAnyHead ? .narrowed : .widened)
    try save()
    publish(after)
  }

  private func refuse(_ operation: [UInt8], _ reason: KeyHead.Refusal.Reason, _ detail: String) {
    parts.logger.warning("a roster operation was refused: \(detail)", metadata: ["reason": "\(reason)"])
    refusals.append(KeyHead.Refusal(operation: Hashes.sha256(operation), reason: reason))
    if refusals.count > WireLimits.entries { refusals.removeFirst() }
    owed = owed ?? .requested
  }

  /// The ledger's account of a flag or a right that changed.
  func note(_ change: RosterOperation.Change?, from before: Standing, to after: Standing) {
    guard let ledger = parts.ledger else { return }
    let now = Clocks.unixMicroseconds()
    if case .revoke? = change { ledger.record("revocation", ["t": .count(now)]) }
    for flag in Flag.allCases {
      let request = Request(point: .keepSensor, flag: flag)
      let isAllowed = decide(request, facts: after.facts, now: now).allowed
      guard decide(request, facts: before.facts, now: now).allowed != isAllowed else { continue }
      ledger.record("flag", ["flag": .text(flag.rawValue), "allow": .truth(isAllowed), "t": .count(now)])
    }
  }
}
