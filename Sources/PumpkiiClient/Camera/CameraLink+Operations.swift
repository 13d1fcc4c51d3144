internal import PumpkiiChain
internal import PumpkiiSystem
internal import PumpkiiTransport
internal import PumpkiiVault
internal import PumpkiiWire

/// How an operation ended, and under which hash it stands in the roster.
struct Submission: Sendable {
  let operation: Digest
  let confirmation: Confirmation
}

extension CameraLink {
  /// What a change must have led to before it counts as done, beyond standing in the roster.
  typealias Proof = @Sendable (ReceivedKeyMessage, Roster) -> Bool

  /// Signs a change that means the same on every head, gives it to the relay, and waits for the camera's confirmation.
  /// - Throws: ``ClientError``: `client-refused` with the camera's reason.
  func submit(
    _ change: RosterOperation.Change, waiting: Duration, byOwner: Bool = true,
    proof: @escaping Proof = { _, _ in true }
  ) async throws(ClientError) -> Submission {
    try await submit(until: .now + waiting, byOwner: byOwner, proof: proof) {
      (_) async throws(ClientError) -> RosterOperation.Change in change
    }
  }

  /// Makes a change for the roster as it stands, signs it on exactly that, gives it to the relay, and waits for the
  /// camera's key message that confirms it. What was refused for one of the reasons in `again`, or overtaken at the
  /// relay, is made anew on the roster that stands then, three times at most.
  /// - Throws: ``ClientError``: `client-refused` with the camera's reason, or what `change` throws.
  func submit(
    until end: ContinuousClock.Instant, byOwner: Bool = true, again: Set<KeyHead.Refusal.Reason> = [.otherHead],
    proof: @escaping Proof = { _, _ in true },
    _ change: (Roster) async throws(ClientError) -> RosterOperation.Change
  ) async throws(ClientError) -> Submission {
    var tries = 0
    while true {
      tries += 1
      let roster = byOwner ? try await ownedRoster() : try await account.syncRoster(id())
      let made: RosterOperation.Change
      do throws(ClientError) { made = try await change(roster) } catch {
        guard error == Self.overtaken, tries < 3 else { throw error }
        continue
      }
      let operation = try sign(made, on: roster)
      try await give(.post, "operations", operation, until: end)
      let hash = Hashes.sha256(operation)
      switch try await answer(to: operation, until: end, proof) {
      case .confirmed(let epoch, let version):
        // From here on nothing older is live: who was put out by this stays out, whatever the relay repeats.
        try account.remember(id(), epoch: epoch, roster: version)
        return Submission(operation: hash, confirmation: .confirmed(epoch: epoch, rosterVersion: version))
      case .pending: return Submission(operation: hash, confirmation: .pending)
      case .refused(let reason) where again.contains(reason) && tries < 3: continue
      case .refused(let reason):
        throw ClientError(.refused, "the camera refused: \(Self.sentence(reason))", advice: Self.advice(reason))
      }
    }
  }

  /// Gives the relay something for the camera. A camera that was paired a moment ago may have to put its roster there
  /// first; it is waited for.
  /// - Throws: ``ClientError``.
  func give(
    _ method: RelayConnection.Method, _ what: String, _ bytes: [UInt8], until end: ContinuousClock.Instant
  ) async throws(ClientError) {
    while true {
      do throws(ClientError) {
        _ = try await account.ask { () async throws(TransportError) in
          try await account.connection.send(method, "/v1/cameras/\(device)/\(what)", body: bytes)
        }
        return
      } catch {
        guard error.code.rawValue == "camera-unknown", record.isPaired else { throw error }
        guard ContinuousClock.now < end else {
          throw ClientError(
            error.code, "\(name) has not been at the relay yet", advice: "start it: pumpkii agent run")
        }
      }
      try await ClientError.translating { try await Task.sleep(for: .milliseconds(300)) }
    }
  }

  private func sign(_ change: RosterOperation.Change, on roster: Roster) throws(ClientError) -> [UInt8] {
    let chain = account.chain
    let nonce = try ClientError.translating { try Nonce(SystemRandom.bytes(Nonce.byteCount)) }
    let operation = RosterOperation(
      device: try id(), client: account.client, account: chain.id, accountVersion: chain.version,
      accountHead: chain.head, rosterHash: roster.hash, nonce: nonce, change: change)
    return account.identity.sign(operation, .roster).bytes
  }

  enum Answer: Sendable, Equatable {
    case confirmed(epoch: UInt32, rosterVersion: UInt64)
    case refused(KeyHead.Refusal.Reason)
    case pending
  }

  /// Looks whenever the relay tells of something new, and every two seconds in any case.
  private func answer(
    to operation: [UInt8], until end: ContinuousClock.Instant, _ proof: @escaping Proof
  ) async throws(ClientError) -> Answer {
    try await ClientError.translating {
      try await withThrowingTaskGroup(of: Answer?.self) { group in
        let nudges = Mailbox<Void>(capacity: 1)
        group.addTask {
          await nudge(nudges)
          return nil
        }
        group.addTask {
          while ContinuousClock.now < end, !Task.isCancelled {
            if let answer = try await look(for: operation, proof) { return answer }
            _ = await nudges.next()
          }
          return .pending
        }
        group.addTask {
          while ContinuousClock.now < end {
            try await Task.sleep(until: min(end, .now + .seconds(2)))
            nudges.put(())
          }
          return nil
        }
        defer { group.cancelAll() }
        for try await answer in group { if let answer { return answer } }
        return .pending
      }
    }
  }

  /// Passes the relay's events on as nudges; without its event stream the clock alone nudges.
  private func nudge(_ nudges: Mailbox<Void>) async {
    var events = account.connection.events().makeAsyncIterator()
    while let event = try? await events.next() {
      switch event {
      case .roster, .keys, .ready: nudges.put(())
      default: break
      }
    }
  }

  /// The camera's answer as it stands now, nil while there is none.
  private func look(for operation: [UInt8], _ proof: Proof) async throws(ClientError) -> Answer? {
    guard let message = try await account.newestKeyMessage(id()) else { return nil }
    let hash = Hashes.sha256(operation)
    let head = message.head.body
    if let refusal = head.refusals.first(where: { $0.operation == hash }) { return .refused(refusal.reason) }
    let roster = try await account.syncRoster(id())
    guard let at = roster.entries.firstIndex(of: operation) else { return nil }
    guard head.rosterVersion > UInt64(at), roster.contains(version: head.rosterVersion, hash: head.rosterHash),
      proof(message, roster)
    else { return nil }
    return .confirmed(epoch: head.epoch, rosterVersion: head.rosterVersion)
  }

  private static func sentence(_ reason: KeyHead.Refusal.Reason) -> String {
    switch reason {
    case .otherHead: "the roster changed at the same time"
    case .notOwner: "this account does not own it"
    case .badSignature: "the signature does not verify"
    case .unknownAccount: "it does not know the account"
    case .unknownTarget: "what should end does not exist (any more)"
    case .expired: "the time is over already"
    case .notAllowed: "its rules do not allow it"
    }
  }

  private static func advice(_ reason: KeyHead.Refusal.Reason) -> String? {
    switch reason {
    case .otherHead: "try again"
    case .unknownAccount: "let the other person run any pumpkii command once, so that the relay knows the account"
    case .unknownTarget: "look at the shares that stand: pumpkii cameras --json"
    case .expired: "check the clocks of this machine and of the camera"
    default: nil
    }
  }
}
