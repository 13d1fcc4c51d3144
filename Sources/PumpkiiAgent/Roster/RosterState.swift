package import PumpkiiChain
package import PumpkiiPolicy
internal import PumpkiiVault
package import PumpkiiWire

/// What the device knows of people: its roster, the accounts in it, their sealing keys, the owner's policy. A value; the
/// keeper replaces it as a whole. Everything that the gate and the key messages need is derived from it here.
package struct RosterState: Sendable {
  package var roster: Roster?
  package var accounts: [AccountID: AccountChain] = [:]
  package var keys = SealingKeyBook()
  package var policy: PolicyStore.State = .none
  /// What each account allows of its own, verified when it was taken.
  package var accountPolicies: [AccountID: Signed<AccountPolicyDocument>] = [:]
  /// Accounts whose own policy is on the disk and does not verify: it allows nothing.
  package var unreadablePolicies: Set<AccountID> = []
  /// The ceiling of whoever runs the board; nil when there is no such file.
  package var ceiling: [Flag: Bool]?
  /// What was denied on the board; nil when its file is damaged, and then everything is.
  package var board: BoardState? = BoardState()

  /// The rules of the zone that the policy's times are in; the keeper reads them.
  package var zone: ZoneRules?
  /// Whether the clock can be relied on, as the keeper saw it last.
  package var clock = ClockFacts.unset

  package init(ceiling: [Flag: Bool]? = nil) { self.ceiling = ceiling }

  /// The snapshot for the gate and the next key message.
  /// - Parameter now: Unix µs.
  package func standing(now: UInt64) -> Standing {
    let (owner, problem) = ownerPolicy
    let facts = Facts(
      ceiling: ceiling, terms: terms, owner: owner, ownerProblem: problem, zone: zone, clock: clock)
    guard let roster else { return Standing(facts: facts) }
    return Standing(
      facts: facts, recipients: recipients(of: roster, facts: facts, now: now), rosterVersion: roster.version,
      rosterHash: roster.hash, isPaired: true)
  }

  /// The first owner's own policy; nil where none is known.
  private var ownersPolicy: AccountPolicyDocument? { roster?.owners.first.flatMap { accountPolicies[$0]?.body } }

  /// What the first owner accepted and acknowledged.
  private var terms: TermsFacts? {
    guard let texts = ownersPolicy?.texts else { return nil }
    return TermsFacts(
      accepted: texts.first { $0.kind == .terms }.map { .init(number: $0.version, hash: $0.hash.hex) },
      acknowledgedRisk: texts.first { $0.kind == .risk }?.hash.hex)
  }

  /// The flags that are a person's own stand in the person's policy, where there is one.
  private func allowed(by document: PolicyDocument) -> [String] {
    let device = document.settings.filter(\.allow).map(\.flag)
    guard let own = ownersPolicy else { return device }
    // A camera's own reports are the owner's decision about the camera.
    return device.filter { !AccountPolicyDocument.isOwn($0) || $0.hasPrefix("diagnostics.") }
      + own.settings.filter { $0.allow && !$0.flag.hasPrefix("diagnostics.") }.map(\.flag)
  }

  /// The verified policy as the judge takes it; anything less than a verified document denies everything.
  private var ownerPolicy: (OwnerPolicy?, problem: String?) {
    guard let roster else { return (nil, "no owner is paired with this camera yet") }
    guard let board else { return (nil, "the file of what was denied on the board is damaged") }
    switch policy {
    case .none: return (nil, "the owner has not set the permissions yet")
    case .refused(let reason): return (nil, reason)
    case .document(let bytes):
      do throws(ChainError) {
        let document = try PolicyCheck.verify(bytes, roster: roster) { accounts[$0] }
        guard document.body.version == roster.policy.version, Hashes.sha256(bytes) == roster.policy.hash else {
          return (nil, "the policy on the disk is not version \(roster.policy.version), which the roster names")
        }
        return (owner(document.body, hash: Hashes.sha256(bytes).hex, roster: roster, board: board), nil)
      } catch {
        return (nil, "the policy does not verify (\(error.code.rawValue))")
      }
    }
  }

  private func owner(
    _ document: PolicyDocument, hash: String, roster: Roster, board: BoardState
  ) -> OwnerPolicy {
    OwnerPolicy(
      version: document.version, hash: hash, allowing: allowed(by: document),
      narrowed: roster.narrowed, narrowedOnBoard: Set(board.narrowed.keys),
      paused: document.conditions.isPaused ? .owner : board.pausedSince == nil ? nil : .board,
      schedule: Schedule(document.conditions), expected: document.conditions.devices.compactMap(ExpectedSensor.init))
  }

  /// The document in force, once it has verified.
  var policyDocument: PolicyDocument? {
    guard let roster, case .document(let bytes) = policy, Hashes.sha256(bytes) == roster.policy.hash else { return nil }
    return try? PolicyCheck.verify(bytes, roster: roster) { accounts[$0] }.body
  }

  private func recipients(of roster: Roster, facts: Facts, now: UInt64) -> [Recipient] {
    let owners = Set(roster.owners)
    var list: [Recipient] = []
    // Owners first: whatever the bound leaves out, it is no owner.
    for account in accounts.keys.sorted(by: {
      (owners.contains($0) ? 0 : 1, $0.hex) < (owners.contains($1) ? 0 : 1, $1.hex)
    }) {
      guard let chain = accounts[account] else { continue }
      let classes = permitted(
        roster.rights(of: account, now: now), of: account, isOwner: owners.contains(account), facts: facts, now: now)
      guard !classes.isEmpty else { continue }
      let until = owners.contains(account) ? UInt64.max : roster.end(of: account, now: now) ?? 0
      list += clients(of: chain, classes: classes, until: until)
      if owners.contains(account) { list.append(paperKey(of: chain, classes: classes)) }
    }
    // A client that several accounts name receives keys for the first of them, and owners come first.
    var seen: Set<ClientID> = []
    return Array(list.filter { seen.insert($0.client).inserted }.prefix(WireLimits.entries))
  }

  /// The classes of `rights` whose flags every layer allows (E4): for guests what is shared, for owners also what is only
  /// recorded, which nobody else could open.
  private func permitted(
    _ rights: ClassMask, of account: AccountID, isOwner: Bool, facts: Facts, now: UInt64
  ) -> ClassMask {
    var facts = facts
    facts.grant = isOwner ? .owner : GrantFacts(media: rights.classes.map(\.name))
    // Why and when a clip began is the owners' to read, whatever the clip holds.
    let uses: [Use] = isOwner ? [.live, .record, .note] : [.live]
    return ClassMask(
      classes: rights.classes.filter { media in
        uses.contains {
          decide(media: media.name, use: $0, at: .giveKey, account: account.hex, facts: facts, now: now).allowed
        }
      })
  }

  private func clients(of chain: AccountChain, classes: ClassMask, until: UInt64) -> [Recipient] {
    chain.clients.keys.sorted { $0.hex < $1.hex }.prefix(WireLimits.clientsPerAccount).compactMap { client in
      guard let key = keys.newest(of: client, in: chain.id) else { return nil }
      return Recipient(
        client: client, account: chain.id, accountVersion: chain.version, accountHead: chain.head, suite: key.suite,
        publicKey: key.publicKey, classes: classes, notAfter: until)
    }
  }

  private func paperKey(of chain: AccountChain, classes: ClassMask) -> Recipient {
    Recipient(
      client: ClientID(of: chain.recovery.signing), account: chain.id, accountVersion: chain.version,
      accountHead: chain.head, suite: chain.recovery.suite, publicKey: chain.recovery.sealing, classes: classes,
      notAfter: .max)
  }
}
