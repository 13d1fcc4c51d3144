internal import Logging
internal import PumpkiiPolicy
internal import PumpkiiSystem
internal import PumpkiiChain
internal import PumpkiiVault
internal import PumpkiiWire

// What the keeper writes into the ledgers: consents before what they widen holds, decisions as they fall.
extension RosterKeeper {
  /// Who did something, and where.
  struct Hand {
    var act: ConsentRecord.Act
    var origin: ConsentRecord.Origin
    var person: AuditPerson?

    /// Somebody on the board, who takes away or takes that back.
    static func board(widens: Bool) -> Hand { Hand(act: widens ? .flags : .narrowed, origin: .board, person: nil) }
    static let ceiling = Hand(act: .flags, origin: .ceiling, person: nil)
  }

  /// A change on its way into the ledger.
  struct Unwritten {
    let hand: Hand
    let before: Standing
    let after: Standing
  }

  /// Writes which flags change, synced; nothing where none does.
  /// - Throws: ``AgentError``: `home` or `audit`; what would widen then does not.
  func consent(_ hand: Hand, from before: Standing, to after: Standing) throws(AgentError) {
    guard let audit = parts.audit,
      let settings = ConsentRecord.changes(from: Self.allowed(before), to: Self.allowed(after))
    else { return }
    let owner = after.facts.owner
    let record = ConsentRecord(
      act: hand.act, origin: hand.origin, settings: settings, policyVersion: owner?.version ?? 0,
      policyHash: owner.flatMap { try? Digest(hex: $0.hash) } ?? .zero, text: Self.text)
    try audit.consents.record(record, by: hand.person)
  }

  /// The text that whoever decides has before their eyes.
  private static var text: ConsentRecord.Text {
    ConsentRecord.Text(version: "\(Texts.terms.number)", hash: (try? Digest(hex: Texts.terms.hash)) ?? .zero)
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
