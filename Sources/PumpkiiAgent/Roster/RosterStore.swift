package import Logging
package import PumpkiiChain
package import PumpkiiWire

/// The roster, the account chains and the sealing keys on disk; what is read back is verified like what comes from the
/// relay.
package struct RosterStore: Sendable {
  private let home: AgentHome
  private let logger: Logger?

  package init(home: AgentHome, logger: Logger? = nil) {
    self.home = home
    self.logger = logger
  }

  /// Reads all of it into `state`; a device that was never paired has nothing.
  /// - Throws: ``AgentError``: `home`, or `notPaired` when what is there does not verify.
  package func load(into state: inout RosterState) throws(AgentError) {
    for name in try home.list("accounts") where name.hasSuffix(".chain") {
      try loadAccount(String(name.dropLast(6)), into: &state)
    }
    let policies = PolicyStore(folder: home.policyFolder)
    if let bytes = try home.read(BoardState.fileName) { state.board = try? BoardState(bytes) }
    guard let bytes = try home.read("roster") else {
      state.policy = policies.load()
      return
    }
    let accounts = state.accounts
    let roster = try Self.verified("roster") { () throws(ChainError) in
      try Roster(verifying: bytes, accounts: { accounts[$0] })
    }
    state.roster = roster
    guard roster.policy.version > 0 else {
      state.policy = policies.load()
      // A first policy that was cut before the roster named it was never in force.
      if case .document = state.policy { state.policy = .none }
      return
    }
    state.policy = policies.load(named: roster.policy.hash, version: roster.policy.version)
  }

  /// Durable when it returns.
  /// - Throws: ``AgentError`` `home`.
  package func save(_ roster: Roster) throws(AgentError) {
    try home.write(EntryList.encode(roster.entries), "roster")
  }

  /// The chain first: keys of a client that it does not name are of no use.
  /// - Parameter keys: announcements; those of other accounts and of clients that are gone are left out.
  /// - Throws: ``AgentError`` `home`.
  package func save(_ chain: AccountChain, keys: [[UInt8]]) throws(AgentError) {
    let own = keys.filter { bytes in
      guard let body = try? Signed<SealingKeyAnnouncement>(decoding: bytes).body else { return false }
      return body.account == chain.id && chain.clients[body.client] != nil
    }
    try home.write(EntryList.encode(chain.entries), "accounts/\(chain.id.hex).chain")
    try home.write(EntryList.encode(own), "accounts/\(chain.id.hex).keys")
  }

  /// Durable when it returns.
  /// - Throws: ``AgentError`` `home`.
  package func save(_ policy: Signed<AccountPolicyDocument>) throws(AgentError) {
    try home.write(policy.bytes, "accounts/\(policy.body.account.hex).policy")
  }

  /// One that does not verify allows nothing, and is no reason not to start.
  private func loadPolicy(of chain: AccountChain, into state: inout RosterState) throws(AgentError) {
    guard let bytes = try home.read("accounts/\(chain.id.hex).policy") else { return }
    do throws(ChainError) {
      state.accountPolicies[chain.id] = try AccountPolicyCheck.verify(bytes, chain: chain, accepted: bytes)
    } catch {
      state.unreadablePolicies.insert(chain.id)
      logger?.warning("an account's policy in the agent's folder does not verify and is left out")
    }
  }

  private func loadAccount(_ name: String, into state: inout RosterState) throws(AgentError) {
    guard let bytes = try home.read("accounts/\(name).chain") else { return }
    let chain = try Self.verified("account \(name.prefix(8))") { () throws(ChainError) in
      try AccountChain(encoded: bytes)
    }
    state.accounts[chain.id] = chain
    try loadPolicy(of: chain, into: &state)
    guard let keys = try home.read("accounts/\(name).keys") else { return }
    for announcement in (try? EntryList.decode(keys)) ?? [] {
      // One that does not verify costs its client a key, not the camera its start.
      if (try? state.keys.take(announcement, chain: chain)) == nil {
        logger?.warning("a sealing key in the agent's folder does not verify and is left out")
      }
    }
  }

  private static func verified<Value>(_ what: String, _ body: () throws(ChainError) -> Value) throws(AgentError)
    -> Value
  {
    do throws(ChainError) {
      return try body()
    } catch {
      throw AgentError(
        .notPaired, "the \(what) in the agent's folder does not verify (\(error.code.rawValue))",
        advice: "Restore the folder from a backup, or remove it and pair the camera anew.")
    }
  }
}

extension AccountChain {
  /// A chain from an ``EntryList``.
  /// - Throws: ``ChainError``.
  init(encoded bytes: [UInt8]) throws(ChainError) {
    guard let entries = try? EntryList.decode(bytes) else { throw ChainError(.malformed, "account chain") }
    try self.init(entries: entries)
  }
}

extension Roster {
  /// A roster from an ``EntryList``, every entry verified.
  /// - Throws: ``ChainError``.
  init(verifying bytes: [UInt8], accounts: (AccountID) -> AccountChain?) throws(ChainError) {
    guard let entries = try? EntryList.decode(bytes) else { throw ChainError(.malformed, "roster") }
    self = try Roster.decode(entries: entries, accounts: accounts)
  }
}
