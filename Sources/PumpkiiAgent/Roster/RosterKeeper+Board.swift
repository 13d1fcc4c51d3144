internal import Logging
internal import PumpkiiChain
package import PumpkiiPolicy
internal import PumpkiiSystem
internal import PumpkiiWire

// What is changed on the board itself: denials by physical access, and the ceiling. What narrows holds at once; what
// widens waits for the disk.
extension RosterKeeper {
  /// Denies a flag here.
  /// - Returns: false where it was denied here already.
  /// - Throws: ``AgentError`` `home` when it cannot be stored; it holds all the same and is stored later.
  @discardableResult
  package func narrowOnBoard(_ flag: Flag) throws(AgentError) -> Bool {
    try changeBoard { board in
      if board.narrowed[flag] == nil { board.narrowed[flag] = Clocks.unixMicroseconds() }
    }
  }

  /// Takes back a denial made here; the owner's policy decides again.
  /// - Returns: false where there was none.
  /// - Throws: ``AgentError`` `home`; the denial then stands.
  @discardableResult
  package func restoreOnBoard(_ flag: Flag) throws(AgentError) -> Bool {
    try changeBoard { $0.narrowed[flag] = nil }
  }

  /// Denies everything here.
  /// - Returns: false where it was paused here already.
  /// - Throws: ``AgentError`` `home` when it cannot be stored; it holds all the same and is stored later.
  @discardableResult
  package func pauseOnBoard() throws(AgentError) -> Bool {
    try changeBoard { board in
      if board.pausedSince == nil { board.pausedSince = Clocks.unixMicroseconds() }
    }
  }

  /// Ends a pause made here. A pause of the owner's stays.
  /// - Returns: false where there was none.
  /// - Throws: ``AgentError`` `home`; the pause then stands.
  @discardableResult
  package func resumeOnBoard() throws(AgentError) -> Bool { try changeBoard { $0.pausedSince = nil } }

  private func changeBoard(_ change: (inout BoardState) -> Void) throws(AgentError) -> Bool {
    let before = state.board
    // A damaged file may have denied anything: it counts as a pause, which only ``resumeOnBoard()`` ends.
    let base = before ?? BoardState(pausedSince: Clocks.unixMicroseconds()).adding(rememberedBoard)
    var board = base
    change(&board)
    guard board != before else { return false }
    state.board = board
    let after = state.standing(now: Clocks.unixMicroseconds())
    note(nil, from: parts.standing.value, to: after)
    let said = ConsentStatement.board(from: base, to: board)
    owe(said, by: .board, under: state)
    takeHold(of: after)
    do throws(AgentError) {
      // What only denies waits for no ledger.
      let onlyDenies = before.map { $0.union(board) == board } ?? false
      isBoardUnsaved = true
      if onlyDenies { try storeBoard(board) }
      try save()
      if isBoardUnsaved { try storeBoard(board) }
    } catch {
      keepDenials(of: before, and: board, unsaying: said.count)
      nudge()
      throw error
    }
    publish(after)
    nudge()
    return true
  }

  private func storeBoard(_ board: BoardState) throws(AgentError) {
    try parts.home.write(board.encoded, BoardState.fileName)
    isBoardUnsaved = false
  }

  /// What a change that the disk refused took away stays away; what it would give back is not given, whatever else
  /// denies it now.
  /// - Parameter unsaying: how many consents it owes at the end of ``unwritten``. Those that the ledger holds already
  ///   are answered by one that says what became of them.
  private func keepDenials(of before: BoardState?, and wanted: BoardState, unsaying count: Int) {
    let kept = before.map { $0.union(wanted) }
    state.board = kept
    isBoardUnsaved = kept != nil
    guard kept != wanted else { return }
    let left = min(count, unwritten.count)
    unwritten.removeLast(left)
    guard left < count else { return }
    let denied = kept ?? BoardState(pausedSince: Clocks.unixMicroseconds())
    owe(ConsentStatement.board(from: wanted, to: denied), by: .device, under: state)
  }

  /// Takes a ceiling that was read anew. What it gains is found from the two files and said in the log and the ledger,
  /// also while something else denies it: nothing widens in silence.
  package func reload(ceiling: [Flag: Bool]?) {
    parts.logger.notice("the ceiling was read anew; \(Self.gains(state.ceiling, ceiling))")
    owe(ConsentStatement.ceiling(from: state.ceiling, to: ceiling), by: .ceiling, under: state)
    state.ceiling = ceiling
    let after = state.standing(now: Clocks.unixMicroseconds())
    note(nil, from: parts.standing.value, to: after)
    takeHold(of: after)
    // What cannot be written does not widen; the next look tries again.
    if (try? save()) != nil { publish(after) }
    nudge()
  }

  /// Destroys the key under which the ledgers name an account.
  /// - Parameter prefix: the account's id, or as much of its beginning as the log prints.
  /// - Throws: ``AgentError``: `policy` where nothing names it, or the beginning of several; `audit` or `home`.
  package func eraseFromLedgers(_ prefix: String) throws(AgentError) {
    guard let audit = parts.audit else { return }
    let named = audit.accounts(beginningWith: prefix)
    guard named.count <= 1 else {
      throw AgentError(
        .policy, "\(named.count) accounts begin with \(prefix)", advice: "Name all 64 digits: permissions log --json.")
    }
    guard let account = named.first, try audit.erase(account) else {
      throw AgentError(
        .policy, "the ledgers name no account \(prefix)",
        advice: "Name it as `pumpkii permissions log` does, by 8 digits at least; an erased one is named no more.")
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

  /// Whether the board is its own owner.
  var isLocal: Bool { ((try? LocalOwner.load(parts.home)) ?? nil) != nil }

  /// Owner, policy and who may see what, for ``BoardStatus``.
  func describe(into status: inout BoardStatus) {
    let now = Clocks.unixMicroseconds()
    status.device = device.hex
    status.narrowedOnBoard = (state.board?.narrowed.keys.map(\.rawValue) ?? []).sorted()
    guard let roster = state.roster else { return }
    status.owner = isLocal ? "local" : "paired"
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
