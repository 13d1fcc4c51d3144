internal import Logging
internal import PumpkiiChain
package import PumpkiiPolicy
internal import PumpkiiSystem
package import PumpkiiWire

// What is changed on the board itself: denials by physical access, the ceiling, and the policy of a board that is its own
// owner. What narrows holds at once; what widens waits for the disk.
extension RosterKeeper {
  /// Denies a flag here.
  /// - Throws: ``AgentError`` `home` when it cannot be stored; it holds all the same until the agent ends.
  package func narrowOnBoard(_ flag: Flag) throws(AgentError) {
    try changeBoard { board in
      if board.narrowed[flag] == nil { board.narrowed[flag] = Clocks.unixMicroseconds() }
    }
  }

  /// Takes back a denial made here; the owner's policy decides again.
  /// - Throws: ``AgentError`` `home`; the denial then stands.
  package func restoreOnBoard(_ flag: Flag) throws(AgentError) { try changeBoard { $0.narrowed[flag] = nil } }

  /// Denies everything here.
  /// - Throws: ``AgentError`` `home` when it cannot be stored; it holds all the same until the agent ends.
  package func pauseOnBoard() throws(AgentError) {
    try changeBoard { board in
      if board.pausedSince == nil { board.pausedSince = Clocks.unixMicroseconds() }
    }
  }

  /// Ends a pause made here. A pause of the owner's stays.
  /// - Throws: ``AgentError`` `home`; the pause then stands.
  package func resumeOnBoard() throws(AgentError) { try changeBoard { $0.pausedSince = nil } }

  private func changeBoard(_ change: (inout BoardState) -> Void) throws(AgentError) {
    var board = state.board ?? BoardState()
    change(&board)
    guard board != state.board else { return }
    var next = state
    next.board = board
    let after = next.standing(now: Clocks.unixMicroseconds())
    note(nil, from: parts.standing.value, to: after)
    let widens = StandingChange(from: parts.standing.value, to: after, now: Clocks.unixMicroseconds()).widens
    unwritten.append(Unwritten(hand: .board(widens: widens), before: parts.standing.value, after: after))
    takeHold(of: after)
    let before = state
    state = next
    do throws(AgentError) {
      try save()
      try parts.home.write(board.encoded, BoardState.fileName)
    } catch {
      // What it took away stays away; what it would give back is not given.
      if StandingChange(from: parts.standing.value, to: after, now: Clocks.unixMicroseconds()).widens { state = before }
      nudge()
      throw error
    }
    publish(after)
    nudge()
  }

  /// Takes a ceiling that was read anew. A wider one is said in the log: nothing widens in silence.
  package func reload(ceiling: [Flag: Bool]?) {
    var next = state
    next.ceiling = ceiling
    let after = next.standing(now: Clocks.unixMicroseconds())
    let change = StandingChange(from: parts.standing.value, to: after, now: Clocks.unixMicroseconds())
    let words =
      change.gained.isEmpty ? "nothing more is allowed" : "now allowed: \(change.gained.joined(separator: ", "))"
    parts.logger.notice("the ceiling was read anew; \(words)")
    note(nil, from: parts.standing.value, to: after)
    unwritten.append(Unwritten(hand: .ceiling, before: parts.standing.value, after: after))
    state = next
    takeHold(of: after)
    // What cannot be written does not widen; the next look tries again.
    if (try? save()) != nil { publish(after) }
    nudge()
  }

  /// Sets flags and conditions of a board that is its own owner, signed by the board's own owner key.
  /// - Throws: ``AgentError``: `policy` where the board is not its own owner, `keys` or `home`.
  package func setLocally(
    _ change: (inout [String: Bool], inout PolicyConditions) -> Void
  ) throws(AgentError) {
    guard let roster = state.roster, let owner = try LocalOwner.load(parts.home),
      let chain = roster.owners.lazy.compactMap({ self.state.accounts[$0] }).first(where: {
        $0.clients[owner.client] != nil
      })
    else {
      throw AgentError(
        .policy, "this board is not its own owner",
        advice: "Its owner sets the flags: pumpkii permissions set. Here they can only be narrowed.")
    }
    let document = state.policyDocument
    var flags = Dictionary(
      (document?.settings ?? []).map { ($0.flag, $0.allow && !roster.narrowed.contains($0.flag)) }
    ) { $1 }
    var conditions = document?.conditions ?? PolicyConditions()
    change(&flags, &conditions)
    let made = try owner.policy(
      flags.map { PolicyDocument.Setting(flag: $0, allow: $1) }, conditions, version: roster.policy.version + 1,
      roster: roster, chain: chain)
    try apply(made.operation, policy: made.document)
    nudge()
  }

  /// Confirms a sensor on a board that is its own owner: from now on another one in its place is denied.
  /// - Throws: ``AgentError``: `policy` where the board is not its own owner, `keys` or `home`.
  package func confirmLocally(_ flag: Flag, fingerprint: String) throws(AgentError) {
    guard let digest = try? Digest(hex: fingerprint) else {
      throw AgentError(.policy, "the fingerprint is none", advice: "`pumpkii status --board` prints it.")
    }
    let sensor: UInt8 = flag == .sensorCamera ? 1 : 2
    try setLocally { _, conditions in
      conditions.devices.removeAll { $0.sensor == sensor }
      conditions.devices.append(PolicyConditions.Device(sensor: sensor, fingerprint: digest))
      conditions.devices.sort { $0.sensor < $1.sensor }
    }
  }

  /// What an account has at an instant, Unix µs; nil where none is named or nothing was shared.
  package func grant(of account: String?, at time: UInt64) -> GrantFacts? {
    guard let account, let id = try? AccountID(hex: account), let roster = state.roster else { return nil }
    if roster.owners.contains(id) { return .owner }
    return roster.span(of: id, at: time).map {
      GrantFacts(media: $0.classes.classes.map(\.name), control: $0.control, from: $0.from, until: $0.until)
    }
  }

  /// Owner, policy and who may see what, for ``BoardStatus``.
  func describe(into status: inout BoardStatus) {
    let now = Clocks.unixMicroseconds()
    status.device = device.hex
    status.narrowedOnBoard = (state.board?.narrowed.keys.map(\.rawValue) ?? []).sorted()
    guard let roster = state.roster else { return }
    status.owner = ((try? LocalOwner.load(parts.home)) ?? nil) == nil ? "paired" : "local"
    for account in roster.recipients(now: now) {
      let isOwner = roster.owners.contains(account)
      let end = isOwner ? nil : roster.end(of: account, now: now)
      status.viewers.append(
        BoardStatus.Viewer(
          account: account.hex, isOwner: isOwner, classes: roster.rights(of: account, now: now).classes.map(\.name),
          until: end == .max ? nil : end))
    }
  }
}
