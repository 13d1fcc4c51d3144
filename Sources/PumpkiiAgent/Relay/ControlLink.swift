package import Logging
internal import PumpkiiSystem
internal import PumpkiiTransport
internal import PumpkiiVault
internal import PumpkiiWire
internal import ServiceLifecycle

/// Follows the relay's event stream: brings roster operations to the keeper, viewers' wishes to the attendant, and
/// makes each key message durable. It comes back after every loss, with jittered pauses.
package struct ControlLink: Service {
  package struct Parts: Sendable {
    package var link: DeviceLink
    package var keeper: RosterKeeper
    package var attendant: Attendant
    package var commands: CommandDesk
    package var logger: Logger
  }

  private let parts: Parts

  package init(parts: Parts) { self.parts = parts }

  /// Returns at graceful shutdown.
  /// - Throws: nothing; the signature is the protocol's.
  package func run() async throws {
    await cancelWhenGracefulShutdown {
      var backoff = Backoff()
      var hasStarted = false
      while !Task.isCancelled {
        do {
          try await follow(&backoff, &hasStarted)
        } catch is CancellationError {
          return
        } catch {
          if Task.isCancelled { return }
          parts.logger.warning("relay: \(error)")
        }
        try? await Task.sleep(for: backoff.next())
      }
    }
  }

  private func follow(_ backoff: inout Backoff, _ hasStarted: inout Bool) async throws {
    // Without this link nobody is known to watch; the sensors linger over a short loss and then close.
    defer { parts.attendant.setWanted([]) }
    for try await event in parts.link.connection.events() {
      switch event {
      case .ready:
        try await synchronize(isFirst: !hasStarted)
        hasStarted = true
        backoff.reset()
        parts.logger.info("connected to the relay")
      case .wanted(let classes): parts.attendant.setWanted(classes)
      case .operation: try await answerOperations()
      case .command(let bytes):
        if await parts.commands.take(bytes, keeper: parts.keeper) == .rotate { try await rotate(.requested) }
      case .account(let account): try await refresh([account])
      case .policy, .roster, .keys, .cut, .clip, .unknown: break
      }
    }
  }

  /// What takes rights away comes first; nothing that a guest's account can spoil stands before it.
  private func synchronize(isFirst: Bool) async throws {
    await offerWhatIsKnown()
    if isFirst {
      let newest = try await parts.link.newestHead()
      await parts.keeper.noteNewest(newest)
      // A client that was removed while this camera was away is no recipient of its first epoch.
      await fetch(await parts.keeper.accountsOfInterest)
      _ = await parts.keeper.refreshStanding()
      try await rotate(.start, newestKnown: newest?.epoch ?? 0)
    }
    try await answerOperations()
    try await refresh(await parts.keeper.accountsOfInterest)
    if let message = await parts.keeper.message { try await parts.link.put(message) }
  }

  /// A relay that was restored from an old backup heals by this; one that refuses is told about and lived with.
  private func offerWhatIsKnown() async {
    for (account, chain) in await parts.keeper.chains {
      await attempt("an account chain") { try await parts.link.offer(chain: chain, of: account) }
    }
    guard let roster = await parts.keeper.rosterEntries else { return }
    await attempt("the roster") { try await parts.link.offer(roster: roster) }
    guard let policy = await parts.keeper.adoptedPolicy else { return }
    await attempt("the policy taken over") { try await parts.link.offer(policy: policy) }
  }

  /// Applies everything that waits, makes the outcome durable at the relay, and only then takes the wishes off its
  /// list. What one operation lacks does not hold up another.
  private func answerOperations() async throws {
    let operations = try await parts.link.operations()
    var answered: [[UInt8]] = []
    for operation in operations {
      await attempt("a roster operation") {
        try await prepareAndApply(operation)
        answered.append(operation)
      }
    }
    let message = try await rotateIfOwed()
    guard !answered.isEmpty else { return }
    if let roster = await parts.keeper.rosterEntries { try await parts.link.offer(roster: roster) }
    // Who is new in the roster lets this camera read its policy only now.
    await fetchPolicies(await parts.keeper.accountsWithoutPolicy)
    if let message { try await parts.link.put(message) }
    for operation in answered { try await parts.link.answered(operation) }
  }

  private func prepareAndApply(_ operation: [UInt8]) async throws {
    guard let body = try? Signed<RosterOperation>(decoding: operation).body else { return }
    await fetch(accounts(in: body))
    var policy: [UInt8]?
    if case .setPolicy = body.change { policy = try await parts.link.policy() }
    try await parts.keeper.apply(operation, policy: policy)
  }

  /// Rotates before anything is sent: who lost a right gets nothing more, whatever the relay does.
  private func rotateIfOwed() async throws -> KeyMessage? {
    guard let reason = await parts.keeper.owed else { return nil }
    return try await parts.keeper.rotate(reason)
  }

  private func accounts(in operation: RosterOperation) -> [AccountID] {
    switch operation.change {
    case .grant(let grant): [operation.account, grant.account]
    case .addOwner(let account, _, _): [operation.account, account]
    default: [operation.account]
    }
  }

  private func refresh(_ accounts: [AccountID]) async throws {
    await fetch(accounts)
    guard let reason = await parts.keeper.refreshStanding() else { return }
    try await rotate(reason)
  }

  /// Brings what the relay has of these accounts; one that cannot be had keeps what is known of it.
  private func fetch(_ accounts: [AccountID]) async {
    for account in accounts {
      await attempt("an account") {
        guard let known = try await parts.link.account(account) else { return }
        try await parts.keeper.take(chain: known.chain, sealingKeys: known.keys)
      }
    }
    await fetchPolicies(accounts)
  }

  /// Brings what these accounts allow of their own.
  private func fetchPolicies(_ accounts: [AccountID]) async {
    for account in accounts {
      await attempt("an account's policy") {
        guard let policy = try await parts.link.accountPolicy(account) else { return }
        try await parts.keeper.take(policy: policy, of: account)
      }
    }
  }

  /// Tries one of several things; its failure is said and does not stop the others.
  private func attempt(_ what: String, _ body: () async throws -> Void) async {
    do {
      try await body()
    } catch {
      parts.logger.warning("\(what) could not be exchanged with the relay: \(error)")
    }
  }

  private func rotate(_ reason: KeyHead.Reason, newestKnown: UInt32 = 0) async throws {
    let message = try await parts.keeper.rotate(reason, newestKnown: newestKnown)
    try await parts.link.put(message)
  }
}
