package import Logging
internal import PumpkiiSystem
internal import PumpkiiTransport
internal import PumpkiiVault
internal import PumpkiiWire
internal import ServiceLifecycle

/// Follows the relay's event stream: brings roster operations to the keeper, viewers' wishes to the attendant, and makes
/// each key message durable. It comes back after every loss, with jittered pauses.
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
    for try await event in parts.link.connection.events() {
      switch event {
      case .ready:
        try await synchronize(isFirst: !hasStarted)
        hasStarted = true
        backoff.reset()
        parts.logger.info("connected to the relay")
      case .wanted(let classes): parts.attendant.setWanted(classes)
      case .operation: try await answerOperations()
      case .command(let bytes): await parts.commands.take(bytes, keeper: parts.keeper)
      case .policy, .roster, .keys, .cut, .unknown: break
      }
    }
  }

  /// Offers the relay what it lacks, takes what is new, and puts the newest key message there.
  private func synchronize(isFirst: Bool) async throws {
    for (account, chain) in await parts.keeper.chains { try await parts.link.offer(chain: chain, of: account) }
    if let roster = await parts.keeper.rosterEntries { try await parts.link.offer(roster: roster) }
    try await refreshAccounts(await parts.keeper.accountsOfInterest)
    if isFirst {
      let newest = try await parts.link.newestHead()
      await parts.keeper.noteNewest(newest)
      _ = await parts.keeper.refreshStanding()
      try await rotate(.start, newestKnown: newest?.epoch ?? 0)
    }
    try await answerOperations()
    if let reason = await parts.keeper.refreshStanding() {
      try await rotate(reason)
    } else if let message = await parts.keeper.message {
      try await parts.link.put(message)
    }
  }

  /// Applies everything that waits, makes the outcome durable at the relay, and only then takes the wishes off its list.
  private func answerOperations() async throws {
    let operations = try await parts.link.operations()
    guard !operations.isEmpty else { return }
    var reasons: [KeyHead.Reason] = []
    for operation in operations {
      guard let body = try? Signed<RosterOperation>(decoding: operation).body else { continue }
      try await refreshAccounts(accounts(in: body))
      var policy: [UInt8]?
      if case .setPolicy = body.change { policy = try await parts.link.policy() }
      if let reason = try await parts.keeper.apply(operation, policy: policy) { reasons.append(reason) }
    }
    let message = try await newEpoch(reasons)
    if let roster = await parts.keeper.rosterEntries { try await parts.link.offer(roster: roster) }
    if let message { try await parts.link.put(message) }
    for operation in operations { try await parts.link.answered(operation) }
  }

  /// Rotates before anything is sent: who lost a right gets nothing more, whatever the relay does.
  private func newEpoch(_ reasons: [KeyHead.Reason]) async throws -> KeyMessage? {
    guard let first = reasons.first else { return nil }
    return try await parts.keeper.rotate(reasons.contains(.narrowed) ? .narrowed : first)
  }

  private func accounts(in operation: RosterOperation) -> [AccountID] {
    switch operation.change {
    case .grant(let grant): [operation.account, grant.account]
    case .addOwner(let account, _, _): [operation.account, account]
    default: [operation.account]
    }
  }

  private func refreshAccounts(_ accounts: [AccountID]) async throws {
    for account in accounts {
      guard let known = try await parts.link.account(account) else { continue }
      _ = try await parts.keeper.take(chain: known.chain, sealingKeys: known.keys)
    }
  }

  private func rotate(_ reason: KeyHead.Reason, newestKnown: UInt32 = 0) async throws {
    let message = try await parts.keeper.rotate(reason, newestKnown: newestKnown)
    try await parts.link.put(message)
  }
}
