internal import Logging
internal import PumpkiiChain
internal import PumpkiiPolicy
internal import PumpkiiSystem
internal import PumpkiiVault
internal import PumpkiiWire

// What the keeper writes into the ledgers: consents before what they widen holds, decisions as they fall.
extension RosterKeeper {
  /// Who did something, and where.
  struct Hand {
    var origin: ConsentRecord.Origin
    var person: AuditPerson?

    static let board = Hand(origin: .board, person: nil)
    static let ceiling = Hand(origin: .ceiling, person: nil)
  }

  /// A consent on its way into the ledger.
  struct Unwritten {
    let record: ConsentRecord
    let person: AuditPerson?
  }

  /// Notes what somebody said, for ``save()`` to write before what it widens holds.
  func owe(_ statements: [ConsentStatement], by hand: Hand, under state: RosterState) {
    guard parts.audit != nil else { return }
    let policy = state.roster?.policy
    unwritten += statements.map { statement in
      let record = ConsentRecord(
        act: statement.act, origin: hand.origin, settings: statement.settings, policyVersion: policy?.version ?? 0,
        policyHash: policy?.hash ?? .zero, text: statement.text ?? Self.text(before: hand.origin))
      return Unwritten(record: record, person: hand.person)
    }
  }

  /// Writes what is owed, synced.
  /// - Throws: ``AgentError``: `home` or `audit`; what would widen then does not.
  func writeConsents() throws(AgentError) {
    while let next = unwritten.first {
      try parts.audit?.consents.record(next.record, by: next.person)
      unwritten.removeFirst()
    }
  }

  /// The text that an owner who decides has before their eyes; who only denies, and a file, have none.
  private static func text(before origin: ConsentRecord.Origin) -> ConsentRecord.Text {
    guard origin == .owner, let hash = try? Digest(hex: Texts.terms.hash) else {
      return ConsentRecord.Text(version: "", hash: .zero)
    }
    return ConsentRecord.Text(version: "\(Texts.terms.number)", hash: hash)
  }

  static func allowed(_ standing: Standing) -> Set<String> {
    let now = Clocks.unixMicroseconds()
    return Set(
      Flag.allCases.filter {
        decide(Request(point: .keepSensor, flag: $0), facts: standing.facts, now: now).allowed
      }.map(\.rawValue))
  }

  /// Policy and roster are on the disk: nothing older counts any more.
  /// - Throws: ``AgentError``.
  func anchor() throws(AgentError) {
    guard let audit = parts.audit, let roster = state.roster else { return }
    try audit.stored(
      policyVersion: roster.policy.version, policyHash: roster.policy.hash, rosterVersion: roster.version)
  }

  /// What the disk holds of an owner's account: nothing older counts any more. Others' are not kept in the counter.
  /// - Throws: ``AgentError``.
  func anchor(_ account: AccountID, chain: AccountChain? = nil, policy: Signed<AccountPolicyDocument>? = nil)
    throws(AgentError)
  {
    guard let audit = parts.audit, let roster = state.roster, roster.owners.contains(account) else { return }
    try audit.stored(account, chain: chain, policy: policy, owners: roster.owners)
  }

  /// Somebody who has become an owner is known to the counter from then on, with what the disk is sure to hold.
  /// - Throws: ``AgentError``.
  func anchorNewOwners(of roster: Roster) throws(AgentError) {
    guard let audit = parts.audit else { return }
    let known = audit.counter.value.accounts
    for owner in roster.owners where known[owner] == nil {
      guard let chain = state.accounts[owner] else { continue }
      try store.save(chain, keys: state.keys.announcements)
      let policy = state.accountPolicies[owner]
      if let policy { try store.save(policy) }
      try anchor(owner, chain: chain, policy: policy)
    }
  }

  /// Says in the decision log who came and who went, and a pause that began or ended.
  func tell(from before: Standing, to after: Standing) {
    let (had, has) = (Self.people(before), Self.people(after))
    let known = Set(had.keys.map(\.account))
    if before.facts.owner?.paused == nil, has.keys.contains(where: { !known.contains($0.account) }) { parts.admitted() }
    guard let decisions = parts.audit?.decisions else { return }
    for (person, classes) in has where had[person] != classes { decisions.admitted(person, classes) }
    for person in had.keys where has[person] == nil { decisions.cut(person) }
    let (was, isNow) = (before.facts.owner?.paused, after.facts.owner?.paused)
    guard was != isNow else { return }
    if let isNow {
      decisions.record(.paused(Self.origin(isNow)))
    } else if let was {
      decisions.record(.resumed(Self.origin(was)))
    }
  }

  private static func origin(_ pause: OwnerPolicy.Pause) -> ConsentRecord.Origin { pause == .owner ? .owner : .board }

  private static func people(_ standing: Standing) -> [AuditPerson: ClassMask] {
    Dictionary(
      standing.recipients.map { (AuditPerson(account: $0.account, client: $0.client), $0.classes) }
    ) { $0.union($1) }
  }
}
