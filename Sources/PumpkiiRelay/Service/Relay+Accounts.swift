internal import HTTPTypes
internal import PumpkiiChain
internal import PumpkiiSystem
internal import PumpkiiWire
internal import Synchronization

// Accounts as signed chains, and the proof of a key.
extension Relay {
  /// The longest list of entries that anybody may send, who has no token.
  static let chainBytes = 256 << 10
  /// Entries of it that are new here; more come one request after the other.
  static let newEntries = 64

  /// Takes a verified extension of a chain from anybody, or a chain that is new here. `charge` is told how many
  /// signatures at least there are to check.
  func extend(
    _ account: AccountID, with entries: [[UInt8]], charge: (Int) throws -> Void
  ) async throws -> AccountChain {
    let limit = configuration.limits.accounts
    var isCharged = false
    for _ in 0..<Relay.attempts {
      let old = try await stored(account)
      let new = Set(entries).subtracting(old?.chain.entries ?? []).count
      if let old, new == 0 { return old.chain }
      guard new <= Relay.newEntries else { throw Relay.tooManyEntries }
      if !isCharged { try charge(new) }
      isCharged = true
      let chain = try Relay.chain(old?.chain, account, with: entries)
      let stored = StoredChain(chain: chain, revision: (old?.revision ?? 0) + 1)
      let isTaken = try await store.write { tables in
        if stored.revision == 1, try tables.accountCount() >= limit {
          throw Problem.conflict("relay-full", "no more accounts here")
        }
        guard try tables.save(chain: chain.entries, of: account, revision: stored.revision) else { return false }
        let cameras = try tables.cameras(of: account)
        // Whoever asked may be gone by then; what follows from the commit does not wait for it.
        tables.afterCommit {
          self.remember(stored)
          self.end(clientsNotIn: chain)
          self.hints.tell(cameras, ofChange: account)
        }
        return true
      }
      if isTaken { return chain }
    }
    throw Relay.busy
  }

  private static func chain(
    _ old: AccountChain?, _ account: AccountID, with entries: [[UInt8]]
  ) throws -> AccountChain {
    var chain = try old ?? AccountChain(entries: entries)
    guard chain.id == account else { throw Problem.bad("chain-wrong-account", "the chain is of another account") }
    if old != nil { try chain.extend(entries) }
    return chain
  }

  /// Takes announcements of sealing keys.
  /// - Returns: how many were new.
  func announce(
    _ announcements: [[UInt8]], of account: AccountID, charge: (Int) throws -> Void
  ) async throws -> Int {
    guard announcements.count <= 4 * WireLimits.clientsPerAccount else { throw Problem.tooLarge }
    try charge(announcements.count)
    for _ in 0..<Relay.attempts {
      guard let stored = try await stored(account) else { throw Relay.unknownAccount }
      let old = try await store.read { try $0.announcements(account) }
      var book = try book(stored.chain, old)
      var taken = 0
      for announcement in announcements where try book.take(announcement, chain: stored.chain) { taken += 1 }
      guard taken > 0 else { return 0 }
      let new = book.announcements
      let isTaken = try await store.write { tables in
        guard try tables.revision(of: account) == stored.revision, try tables.announcements(account) == old else {
          return false
        }
        try tables.save(announcements: new, of: account)
        let cameras = try tables.cameras(of: account)
        tables.afterCommit { self.hints.tell(cameras, ofChange: account) }
        return true
      }
      if isTaken { return taken }
    }
    throw Relay.busy
  }

  func announcements(of account: AccountID) async throws -> [[UInt8]] {
    guard let chain = try await chain(account) else { throw Relay.unknownAccount }
    return try book(chain, try await store.read { try $0.announcements(account) }).announcements
  }

  /// The stored announcements that still stand; one of a client that has left is passed over.
  private func book(_ chain: AccountChain, _ stored: [[UInt8]]) throws -> SealingKeyBook {
    var book = SealingKeyBook()
    for announcement in stored {
      do throws(ChainError) { try book.take(announcement, chain: chain) } catch {
        guard error.code == .notMember else { throw error }
      }
    }
    return book
  }

  /// A new challenge for one login.
  func challenge() throws -> Challenge {
    let challenge = try Challenge(SystemRandom.bytes(Challenge.byteCount))
    logins.withLock { $0.challenge(challenge, now: Relay.uptime) }
    return challenge
  }

  /// Checks a login statement and gives a token.
  func logIn(key: SigningKey, account: AccountID?, statement: [UInt8]) async throws -> (token: [UInt8], Identity) {
    guard let signed = try? Signed<LoginStatement>(decoding: statement) else {
      throw Problem.bad("login-malformed", "the statement is not a signed login statement")
    }
    let challenge = signed.body.challenge
    guard logins.withLock({ $0.spend(challenge, now: Relay.uptime) }) else {
      throw Problem(.unauthorized, "login-challenge", "the challenge is unknown, used or too old; ask for another")
    }
    do throws(ChainError) {
      try LoginCheck.verify(statement, key: key, relay: names.withLock { $0 }, challenge: challenge)
    } catch {
      throw Problem(.unauthorized, error.code.rawValue, error.detail)
    }
    let token = SystemRandom.bytes(32)
    // A client that is removed while it logs in must not end up with a token: what ends tokens may run before there is
    // one. The grant tells, and the standing is looked up again.
    for _ in 0..<16 {
      let since = logins.withLock { $0.removals }
      let identity = try await identity(key, account)
      let isGranted = logins.withLock { $0.grant(token, to: identity, since: since, now: Relay.uptime) }
      if isGranted { return (token, identity) }
    }
    throw Problem.tooMany(retryAfter: 1)
  }

  private func identity(_ key: SigningKey, _ account: AccountID?) async throws -> Identity {
    guard let account else { return .device(DeviceID(of: key), key) }
    let client = ClientID(of: key)
    guard let chain = try await chain(account) else { throw Relay.unknownAccount }
    guard chain.clients[client]?.key == key else {
      throw Problem(.unauthorized, "login-not-member", "this key is no client of the account now")
    }
    return .client(client, account, key)
  }

  static let tooManyEntries = Problem(
    .contentTooLarge, "chain-too-many-entries", "at most 64 new entries a request; send the others after them")
  static let unknownAccount = Problem.unknown("account-unknown", "no account of this id is known here")
}
