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
    static let device = Hand(origin: .device, person: nil)
  }

  /// A consent on its way into the ledger.
  struct Unwritten {
    let record: ConsentRecord
    let person: AuditPerson?
    /// Unix µs at which it was said.
    let time: UInt64
  }

  /// Notes what somebody said, for ``save()`` to write before what it widens holds.
  func owe(_ statements: [ConsentStatement], by hand: Hand, under state: RosterState) {
    guard parts.audit != nil else { return }
    unwritten += Self.records(of: statements, by: hand, under: state).filter { !unfulfilled.contains($0.record) }
  }

  static func records(of statements: [ConsentStatement], by hand: Hand, under state: RosterState) -> [Unwritten] {
    let (policy, now) = (state.roster?.policy, Clocks.unixMicroseconds())
    return statements.map { statement in
      let record = ConsentRecord(
        act: statement.act, origin: hand.origin, settings: statement.settings, policyVersion: policy?.version ?? 0,
        policyHash: policy?.hash ?? .zero, text: statement.text ?? text(before: hand.origin))
      return Unwritten(record: record, person: hand.person, time: now)
    }
  }

  /// Writes what is owed, synced.
  /// - Throws: ``AgentError``: `home` or `audit`; what would widen then does not.
  func writeConsents() throws(AgentError) {
    while let next = unwritten.first {
      try parts.audit?.consents.write(next.record, by: next.person, at: next.time)
      unwritten.removeFirst()
    }
    // Also where nothing is left to write: what could not be anchored before does not count yet.
    try parts.audit?.consents.settle()
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

  /// What the disk holds of an owner's or a guest's account: nothing older counts any more.
  /// - Throws: ``AgentError``.
  func anchor(_ account: AccountID, chain: AccountChain? = nil, policy: Signed<AccountPolicyDocument>? = nil)
    throws(AgentError)
  {
    guard let audit = parts.audit, let roster = state.roster else { return }
    try audit.stored(account, chain: chain, policy: policy, people: roster.people)
  }

  /// Who has become an owner or a guest is known to the counter from then on, with what the disk is sure to hold.
  /// - Throws: ``AgentError``.
  func anchorNewPeople(of roster: Roster) throws(AgentError) {
    guard let audit = parts.audit else { return }
    let known = audit.counter.value.accounts
    for account in roster.people.prefix(WireLimits.countedAccounts) where known[account] == nil {
      guard let chain = state.accounts[account] else { continue }
      try store.save(chain, keys: state.keys.announcements)
      let policy = state.accountPolicies[account]
      if let policy { try store.save(policy) }
      try anchor(account, chain: chain, policy: policy)
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
