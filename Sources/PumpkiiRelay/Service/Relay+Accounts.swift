internal import HTTPTypes
internal import PumpkiiChain
internal import PumpkiiSystem
internal import PumpkiiWire
internal import Synchronization

// Accounts as signed chains, and the proof of a key.
extension Relay {
  /// Takes a verified extension of a chain from anybody, or a chain that is new here.
  func extend(_ account: AccountID, with entries: [[UInt8]]) async throws -> AccountChain {
    let limit = configuration.limits.accounts
    let chain = try await store.write { tables in
      let old = try self.chain(account, tables)
      var chain = try old ?? AccountChain(entries: entries)
      guard chain.id == account else { throw Problem.bad("chain-wrong-account", "the chain is of another account") }
      if old == nil {
        guard try tables.accountCount() < limit else { throw Problem.conflict("relay-full", "no more accounts here") }
      } else {
        try chain.extend(entries)
      }
      guard chain != old else { return chain }
      try tables.save(chain: chain.entries, of: account)
      let new = chain
      tables.afterCommit { self.remember(new) }
      return chain
    }
    end(clientsNotIn: chain)
    return chain
  }

  /// Takes announcements of sealing keys.
  /// - Returns: how many were new.
  func announce(_ announcements: [[UInt8]], of account: AccountID) async throws -> Int {
    guard announcements.count <= 4 * WireLimits.clientsPerAccount else { throw Problem.tooLarge }
    return try await store.write { tables in
      guard let chain = try self.chain(account, tables) else { throw Relay.unknownAccount }
      var book = try self.book(chain, tables)
      var taken = 0
      for announcement in announcements where try book.take(announcement, chain: chain) { taken += 1 }
      if taken > 0 { try tables.save(announcements: book.announcements, of: account) }
      return taken
    }
  }

  func announcements(of account: AccountID) async throws -> [[UInt8]] {
    try await store.write { tables in
      guard let chain = try self.chain(account, tables) else { throw Relay.unknownAccount }
      return try self.book(chain, tables).announcements
    }
  }

  /// The stored announcements that still stand; one of a client that has left is passed over.
  private func book(_ chain: AccountChain, _ tables: Tables) throws -> SealingKeyBook {
    var book = SealingKeyBook()
    for announcement in try tables.announcements(chain.id) {
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

  static let unknownAccount = Problem.unknown("account-unknown", "no account of this id is known here")
}
