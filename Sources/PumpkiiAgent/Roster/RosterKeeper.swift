package import Logging
internal import PumpkiiChain
package import PumpkiiPolicy
package import PumpkiiSystem
package import PumpkiiVault
package import PumpkiiWire

/// Orders the roster and turns every change into a new epoch: the one writer of who may decrypt.
///
/// Its memory is the truth. What somebody loses takes hold at once: the gate narrows and sealing stops before anything is
/// written or sent. What somebody gains waits until it is on the disk. A rotation that a change owes stays owed until
/// it has happened, whatever fails in between.
package actor RosterKeeper {
  package struct Parts: Sendable {
    package var home: AgentHome
    package var identity: SigningIdentity
    package var desk: SealingDesk
    package var standing: Published<Standing>
    package var attendant: Attendant
    package var logger: Logger
    package var ledger: LedgerWriter?
    /// What people can check afterwards; nil in tests and where a command works on a folder alone.
    package var audit: Audit?
    /// True for the agent itself: a command on the folder may read another configuration than the agent does.
    package var ownsCeiling = false
    /// Whether instants can be relied on; nil where nobody looks, and then no times of the policy hold.
    package var clock: ClockGuard?
    /// Rises when an epoch may be owed that nobody else will begin.
    package var nudges = Published<UInt64>(0)
    /// The highest clip number given out, for the key head.
    package var highestClip: @Sendable () -> UInt64 = { 0 }
    /// Told when an account may see something that could see nothing before; not after a pause.
    package var admitted: @Sendable () -> Void = {}

    package init(
      home: AgentHome, identity: SigningIdentity, desk: SealingDesk, standing: Published<Standing>,
      attendant: Attendant, logger: Logger, ledger: LedgerWriter? = nil
    ) {
      self.home = home
      self.identity = identity
      self.desk = desk
      self.standing = standing
      self.attendant = attendant
      self.logger = logger
      self.ledger = ledger
    }
  }

  let parts: Parts
  let store: RosterStore
  /// Of this start; beacons carry it as well.
  package nonisolated let bootNonce: BootNonce
  var state: RosterState
  /// Something accepted that the disk does not hold yet.
  var isUnsaved = false
  /// The policy that the roster on the disk names.
  var savedPolicy: Digest?
  /// Changes that the consent ledger does not hold yet.
  var unwritten: [Unwritten]
  /// What the consent ledger said of the board at the start, for a file of it that is damaged.
  let rememberedBoard: BoardState
  /// What the ledger said at the start of policies that were not in force: it is not said again when they come again.
  let unfulfilled: [ConsentRecord]
  /// Denials made on the board that its file does not hold.
  var isBoardUnsaved: Bool
  /// Accounts whose own policy the disk does not hold yet.
  var unsavedPolicies: Set<AccountID> = []
  /// Accounts whose newest chain or keys the disk does not hold yet.
  var unsavedChains: Set<AccountID> = []
  /// Why an epoch must still begin; cleared by the rotation alone.
  package internal(set) var owed: KeyHead.Reason?
  var refusals: [KeyHead.Refusal] = []
  /// Unix µs at which the present epoch began; 0 before the first.
  private var epochBegan: UInt64 = 0
  /// Flags that were allowed at the last look.
  private var allowedFlags: Set<String> = []

  /// Reads the roster and verifies it; the standing is published before anything can be opened.
  /// - Throws: ``AgentError``.
  package init(parts: Parts, ceiling: [Flag: Bool]?) throws(AgentError) {
    self.parts = parts
    store = RosterStore(home: parts.home, logger: parts.logger)
    try LocalOwner.endIfPaired(parts.home)
    var fresh = RosterState(ceiling: ceiling)
    try store.load(into: &fresh)
    try parts.audit?.check(policy: fresh.policy, rosterVersion: fresh.roster?.version ?? 0)
    try parts.audit?.check(accountsOf: fresh)
    let inForce = fresh.roster?.policy.version ?? 0
    let (memory, found) = (try parts.audit?.memory(inForce: inForce) ?? ConsentMemory(), fresh.board)
    parts.audit?.finishErasures(memory.erased)
    let said = Self.write(Self.catchUp(&fresh, memory, parts), parts)
    unwritten = said.left
    (rememberedBoard, unfulfilled) = (memory.board, memory.unfulfilled)
    isBoardUnsaved = fresh.board != found
    savedPolicy = fresh.roster?.policy.hash
    fresh.read(clock: parts.clock)
    state = fresh
    do throws(WireError) {
      bootNonce = try BootNonce(SystemRandom.bytes(BootNonce.byteCount))
    } catch {
      throw AgentError(.keys, "no random bytes", advice: "Start again.")
    }
    // What the ledger does not hold yet does not widen; the next look tries again.
    if !said.counts { fresh.ceiling = CeilingChange.both(fresh.ceiling, memory.ceiling(before: fresh.ceiling)) }
    parts.standing.set(fresh.standing(now: Clocks.unixMicroseconds()))
    if case .refused(let reason) = fresh.policy {
      parts.logger.error("everything is denied: \(reason)", metadata: ["code": "agent-policy"])
    }
  }

  package var device: DeviceID { DeviceID(of: parts.identity.publicKey) }
  package var isPaired: Bool { state.roster != nil }

  /// The roster as an ``EntryList``, for the relay.
  package var rosterEntries: [UInt8]? { state.roster.map { EntryList.encode($0.entries) } }

  /// Accounts whose chains the device needs, its owners first, then its guests.
  package var accountsOfInterest: [AccountID] { state.roster?.people ?? [] }

  /// Of these, those of whom nothing is known that they allow.
  package var accountsWithoutPolicy: [AccountID] { accountsOfInterest.filter { state.accountPolicies[$0] == nil } }

  /// What an account allows of its own, as it was taken last.
  package func accountPolicy(_ account: AccountID) -> AccountPolicyDocument? { state.accountPolicies[account]?.body }

  /// Every account chain the device holds, for a relay that lacks some.
  package var chains: [(AccountID, [UInt8])] {
    let signer = adoptedPolicy == nil ? nil : state.policyDocument?.account
    return (accountsOfInterest + [signer].compactMap { $0 }).compactMap { id in
      state.accounts[id].map { (id, EntryList.encode($0.entries)) }
    }
  }

  /// The policy that pairing took over from the board's own owner, which nobody else has; nil once the owner set another.
  package var adoptedPolicy: [UInt8]? {
    guard let roster = state.roster, case .document(let bytes) = state.policy, let document = state.policyDocument,
      !roster.owners.contains(document.account)
    else { return nil }
    return bytes
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

  /// The key of a client that may command this device, and its account's rights now. Owners' accounts come first, so that
  /// nobody else's chain can speak for their clients.
  package func commander(_ client: ClientID) -> (key: SigningKey, rights: ClassMask)? {
    guard let roster = state.roster else { return nil }
    for account in accountsOfInterest {
      guard let member = state.accounts[account]?.clients[client] else { continue }
      let rights = roster.rights(of: account, now: Clocks.unixMicroseconds())
      if !rights.isEmpty { return (member.key, rights) }
    }
    return nil
  }

  /// The instant, Unix µs, at which rights change by themselves or the epoch is old.
  package func nextChange(epochLength: UInt64) -> UInt64? {
    let now = Clocks.unixMicroseconds()
    let timer = epochBegan > 0 && parts.desk.hasSealed ? epochBegan + epochLength : nil
    let facts = parts.standing.value.facts
    let flags = Flag.allCases.compactMap {
      decide(Request(point: .keepSensor, flag: $0), facts: facts, now: now).changesAt
    }
    return ([state.roster?.nextChange(after: now), timer].compactMap { $0 } + flags).min()
  }

  /// Wakes whoever begins the epochs that are owed.
  func nudge() { parts.nudges.update { $0 += 1 } }

  /// Brings the standing to what holds now, for rights that change with time or with an account chain, and saves what
  /// could not be saved before.
  /// - Returns: the reason for which an epoch must begin, nil for none.
  package func refreshStanding() -> KeyHead.Reason? {
    state.read(clock: parts.clock)
    let after = state.standing(now: Clocks.unixMicroseconds())
    takeHold(of: after)
    do throws(AgentError) {
      try save()
      publish(after)
    } catch {
      parts.logger.error("\(error)")
    }
    noteTimes(Self.allowed(after))
    return owed
  }

  /// What the times of the policy denied just now stays denied: after this instant no restart believes an earlier one.
  private func noteTimes(_ allowed: Set<String>) {
    defer { allowedFlags = allowed }
    if !allowedFlags.isSubset(of: allowed) { parts.clock?.save() }
  }

  /// Lets `after` hold as far as it narrows, and notes the epoch that it owes.
  func takeHold(of after: Standing) {
    let change = StandingChange(from: parts.standing.value, to: after, now: Clocks.unixMicroseconds())
    if change.narrows {
      parts.desk.stop()
      publish(change.both)
      owed = .narrowed
    } else if change.widens || change.changesRecipients {
      owed = owed ?? .widened
    }
  }

  func publish(_ standing: Standing) {
    tell(from: parts.standing.value, to: standing)
    parts.standing.set(standing)
    parts.attendant.standingChanged()
  }

  /// Begins a new epoch and makes its key message.
  /// - Parameter newestKnown: the newest epoch the relay holds of this device.
  /// - Returns: the message; the caller makes it durable at the relay.
  /// - Throws: ``AgentError`` `keys`; what was owed then stays owed, and nothing more is sealed for who lost a right.
  package func rotate(_ reason: KeyHead.Reason, newestKnown: UInt32 = 0) throws(AgentError) -> KeyMessage {
    let reason = owed == .narrowed ? .narrowed : reason
    if reason == .narrowed { parts.desk.stop() }
    do throws(VaultError) {
      let number = try EpochLedger.reserve(path: parts.home.epochPath, above: newestKnown)
      let standing = parts.standing.value
      let epoch = Epoch(number: number, identity: parts.identity)
      let message = try epoch.message(
        to: standing.recipients, time: Clocks.unixMicroseconds(), bootNonce: bootNonce, reason: reason,
        rosterVersion: standing.rosterVersion, rosterHash: standing.rosterHash, highestClip: parts.highestClip(),
        refusals: refusals)
      try parts.desk.begin(FreshEpoch(epoch: epoch, message: message))
      refusals = []
      owed = nil
      epochBegan = Clocks.unixMicroseconds()
      return message
    } catch {
      throw AgentError(
        .keys, "no new epoch can begin (\(error.code.rawValue))",
        advice: "Check that the agent's folder can be written and the disk is not full.")
    }
  }
}
