package import Logging
internal import PumpkiiChain
package import PumpkiiPolicy
package import PumpkiiSystem
internal import PumpkiiTransport
package import PumpkiiVault
package import PumpkiiWire

/// Orders the roster, stores what it accepted before it acts on it, and turns every change into a new epoch: the one
/// writer of who may decrypt. Withdrawn rights take hold at the gate before anything is written or sent.
package actor RosterKeeper {
  package struct Parts: Sendable {
    package var home: AgentHome
    package var identity: SigningIdentity
    package var desk: SealingDesk
    package var standing: Published<Standing>
    package var attendant: Attendant
    package var logger: Logger
    package var ledger: LedgerWriter?
  }

  private let parts: Parts
  private let store: RosterStore
  private let bootNonce: BootNonce
  private var state: RosterState
  private var refusals: [KeyHead.Refusal] = []
  /// Unix µs at which the present epoch began; 0 before the first.
  private var epochBegan: UInt64 = 0

  /// Reads the roster and verifies it; the standing is published before anything can be opened.
  /// - Throws: ``AgentError``.
  package init(parts: Parts, ceiling: [Flag: Bool]?) throws(AgentError) {
    self.parts = parts
    store = RosterStore(home: parts.home)
    var fresh = RosterState(ceiling: ceiling)
    try store.load(into: &fresh)
    state = fresh
    do throws(WireError) {
      bootNonce = try BootNonce(SystemRandom.bytes(BootNonce.byteCount))
    } catch {
      throw AgentError(.keys, "no random bytes", advice: "Start again.")
    }
    parts.standing.set(fresh.standing(now: Clocks.unixMicroseconds()))
    if case .refused(let reason) = fresh.policy {
      parts.logger.error("everything is denied: \(reason)", metadata: ["code": "agent-policy"])
    }
  }

  package var device: DeviceID { DeviceID(of: parts.identity.publicKey) }
  package var isPaired: Bool { state.roster != nil }

  /// The roster as an ``EntryList``, for the relay.
  package var rosterEntries: [UInt8]? { state.roster.map { EntryList.encode($0.entries) } }

  /// Accounts whose chains the device needs: its owners', its guests'.
  package var accountsOfInterest: [AccountID] {
    guard let roster = state.roster else { return [] }
    return Array(Set(roster.owners + roster.grants.values.map(\.account))).sorted { $0.hex < $1.hex }
  }

  /// Every account chain the device holds, for a relay that lacks some.
  package var chains: [(AccountID, [UInt8])] {
    state.accounts.values.map { ($0.id, EntryList.encode($0.entries)) }
  }

  /// Takes a longer chain and newer sealing keys of an account.
  /// - Returns: true when anything changed.
  /// - Throws: ``AgentError`` `home`.
  package func take(chain entries: [UInt8], sealingKeys: [UInt8]) throws(AgentError) -> Bool {
    guard let list = try? EntryList.decode(entries), let chain = extended(by: list) else { return false }
    let isNewer = state.accounts[chain.id] != chain
    state.accounts[chain.id] = chain
    var hasNewKeys = false
    for announcement in (try? EntryList.decode(sealingKeys)) ?? [] {
      if (try? state.keys.take(announcement, chain: chain)) == true { hasNewKeys = true }
    }
    guard isNewer || hasNewKeys else { return false }
    let own = state.keys.announcements.filter { bytes in
      (try? Signed<SealingKeyAnnouncement>(decoding: bytes).body.account) == chain.id
    }
    try store.save(chain, keys: own)
    return true
  }

  private func extended(by list: [[UInt8]]) -> AccountChain? {
    do throws(ChainError) {
      let incoming = try AccountChain(entries: list)
      guard var known = state.accounts[incoming.id] else { return incoming }
      try known.extend(list)
      return known
    } catch {
      parts.logger.warning("an account chain was refused", metadata: ["code": "\(error.code.rawValue)"])
      return nil
    }
  }

  /// Applies one operation: accepted and stored, or noted as refused for the next key head.
  /// - Parameter policy: the document that a `setPolicy` names, as the relay has it.
  /// - Returns: why the next epoch must begin, nil when nothing changed.
  /// - Throws: ``AgentError`` `home` when it cannot be stored; then it was not accepted.
  package func apply(_ operation: [UInt8], policy: [UInt8]?) throws(AgentError) -> KeyHead.Reason? {
    guard var roster = state.roster, !roster.entries.contains(operation) else { return nil }
    let now = Clocks.unixMicroseconds()
    let accounts = state.accounts
    do throws(RosterRefusal) {
      try roster.append(operation, accounts: { accounts[$0] }, now: now)
    } catch {
      return refuse(operation, error.reason, error.detail)
    }
    guard let change = try? Signed<RosterOperation>(decoding: operation).body.change else { return nil }
    var next = state
    next.roster = roster
    if case .setPolicy(let version, let hash) = change {
      guard let policy, Hashes.sha256(policy) == hash,
        (try? PolicyCheck.verify(policy, roster: roster, accounts: { accounts[$0] }))?.body.version == version
      else { return refuse(operation, .notAllowed, "the policy document is not the one the operation names") }
      next.policy = .document(policy)
    }
    return try accept(next, change, roster, policy: policy)
  }

  private func accept(
    _ next: RosterState, _ change: RosterOperation.Change, _ roster: Roster, policy: [UInt8]?
  ) throws(AgentError) -> KeyHead.Reason {
    let before = parts.standing.value
    let after = next.standing(now: Clocks.unixMicroseconds())
    noteFlags(before, after, change)
    // Off takes hold first; on waits until it is on disk.
    let isNarrowing = !Self.isWider(after, than: before)
    if isNarrowing { publish(after) }
    if case .setPolicy(let version, _) = change, let policy {
      try AgentHome.guarded { () throws(SystemError) in
        try PolicyStore(folder: parts.home.policyFolder).store(policy, version: version)
      }
    }
    try store.save(roster)
    state = next
    if !isNarrowing { publish(after) }
    return isNarrowing || change.appliesOnAnyHead ? .narrowed : .widened
  }

  private func refuse(_ operation: [UInt8], _ reason: KeyHead.Refusal.Reason, _ detail: String) -> KeyHead.Reason {
    parts.logger.warning("a roster operation was refused: \(detail)", metadata: ["reason": "\(reason)"])
    refusals.append(KeyHead.Refusal(operation: Hashes.sha256(operation), reason: reason))
    if refusals.count > WireLimits.entries { refusals.removeFirst() }
    return .requested
  }

  /// Publishes what holds now, for rights that change with time or with an account chain.
  /// - Returns: the reason for a new epoch, nil when the recipients are the same.
  package func refreshStanding() -> KeyHead.Reason? {
    let before = parts.standing.value
    let after = state.standing(now: Clocks.unixMicroseconds())
    guard !Self.sameRecipients(before, after) else { return nil }
    publish(after)
    return Self.isWider(after, than: before) ? .widened : .narrowed
  }

  /// The present epoch's key message; nil before the first.
  package var message: KeyMessage? { parts.desk.message }

  /// Compares the newest epoch the relay holds with our own count: one that we never made means that something else has
  /// this device's key.
  package func noteNewest(_ head: KeyHead?) {
    guard let head else { return }
    do throws(VaultError) {
      try EpochLedger.checkNewest(head.epoch, path: parts.home.epochPath)
    } catch {
      parts.logger.critical(
        "another program speaks with this camera's key; reset it and pair it anew",
        metadata: ["code": "agent-clone", "detail": "\(error)"])
    }
  }

  /// The key of a client that may command this device, and its account's rights now.
  package func commander(_ client: ClientID) -> (key: SigningKey, rights: ClassMask)? {
    guard let roster = state.roster else { return nil }
    for chain in state.accounts.values {
      guard let member = chain.clients[client] else { continue }
      return (member.key, roster.rights(of: chain.id, now: Clocks.unixMicroseconds()))
    }
    return nil
  }

  /// The instant, Unix µs, at which rights change by themselves or the epoch is old.
  package func nextChange(epochLength: UInt64) -> UInt64? {
    let now = Clocks.unixMicroseconds()
    let timer = epochBegan > 0 && parts.desk.hasSealed ? epochBegan + epochLength : nil
    return [state.roster?.nextChange(after: now), timer].compactMap { $0 }.min()
  }

  /// Begins a new epoch and makes its key message.
  /// - Parameter newestKnown: the newest epoch the relay holds of this device.
  /// - Returns: the message; the caller makes it durable at the relay.
  /// - Throws: ``AgentError`` `keys`.
  package func rotate(_ reason: KeyHead.Reason, newestKnown: UInt32 = 0) throws(AgentError) -> KeyMessage {
    do throws(VaultError) {
      var number: EpochNumber? = try EpochLedger.reserve(path: parts.home.epochPath, atLeast: newestKnown + 1)
      let standing = parts.standing.value
      let refused = refusals
      let message = try parts.desk.rotate(narrowing: reason == .narrowed) { () throws(VaultError) in
        guard let reserved = number.take() else { preconditionFailure("a rotation makes one epoch") }
        let fresh = Epoch(number: reserved, identity: parts.identity)
        let message = try fresh.message(
          to: standing.recipients, time: Clocks.unixMicroseconds(), bootNonce: bootNonce, reason: reason, rosterVersion: standing.rosterVersion, rosterHash: standing.rosterHash, refusals: refused)
        return FreshEpoch(epoch: fresh, message: message)
      }
      refusals = []
      epochBegan = Clocks.unixMicroseconds()
      return message
    } catch {
      throw AgentError(
        .keys, "no new epoch can begin (\(error.code.rawValue))",
        advice: "Check that the agent's folder can be written and the disk is not full.")
    }
  }

  private func publish(_ standing: Standing) {
    parts.standing.set(standing)
    parts.attendant.standingChanged()
  }

  /// The ledger's account of a flag or a right that changed.
  private func noteFlags(_ before: Standing, _ after: Standing, _ change: RosterOperation.Change) {
    guard let ledger = parts.ledger else { return }
    let now = LedgerWriter.Value.count(Clocks.unixMicroseconds())
    if case .revoke = change { ledger.record("revocation", ["t": now]) }
    for flag in Flag.allCases {
      let was = decide(Request(point: .keepSensor, flag: flag), facts: before.facts, now: 0).allowed
      let isAllowed = decide(Request(point: .keepSensor, flag: flag), facts: after.facts, now: 0).allowed
      if was != isAllowed {
        ledger.record("flag", ["flag": .text(flag.rawValue), "allow": .truth(isAllowed), "t": now])
      }
    }
  }

  private static func sameRecipients(_ one: Standing, _ other: Standing) -> Bool {
    Set(one.recipients.map(Right.init)) == Set(other.recipients.map(Right.init))
  }

  /// Whether `after` lets anything happen that `before` did not.
  private static func isWider(_ after: Standing, than before: Standing) -> Bool {
    let had = Dictionary(before.recipients.map { ($0.client, $0.classes) }) { $0.union($1) }
    if after.recipients.contains(where: { !(had[$0.client] ?? []).isSuperset(of: $0.classes) }) { return true }
    return Flag.allCases.contains { flag in
      let request = Request(point: .keepSensor, flag: flag)
      return decide(request, facts: after.facts, now: 0).allowed && !decide(request, facts: before.facts, now: 0).allowed
    }
  }

  private struct Right: Hashable {
    let client: ClientID
    let key: [UInt8]
    let classes: ClassMask
    init(_ recipient: Recipient) {
      client = recipient.client
      key = recipient.publicKey
      classes = recipient.classes
    }
  }
}
