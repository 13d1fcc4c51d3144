internal import PumpkiiChain
internal import PumpkiiWire

// What each person allows of their own: a signed document an account, of which only a higher version is taken.
extension Relay {
  /// Stores an account's policy, drops the reports that it does not allow, and tells the cameras that name the account.
  func setAccountPolicy(_ bytes: [UInt8], of account: AccountID, by client: ClientIdentity) async throws -> UInt64 {
    guard client.account == account else { throw Relay.otherAccount }
    for _ in 0..<Relay.attempts {
      guard let stored = try await stored(account) else { throw Relay.unknownAccount }
      let old = try await store.read { try $0.accountPolicy(account) }
      let document = try check(bytes, stored.chain, old)
      if bytes == old { return document.version }
      let isTaken = try await store.write { tables in
        guard try tables.revision(of: account) == stored.revision, try tables.accountPolicy(account) == old else {
          return false
        }
        try tables.save(accountPolicy: bytes, of: account)
        try Self.dropReports(deniedBy: document, of: stored.chain, in: tables)
        let cameras = try tables.cameras(of: account)
        tables.afterCommit { self.hints.tell(cameras, ofChange: account) }
        return true
      }
      if isTaken { return document.version }
    }
    throw Relay.busy
  }

  private func check(
    _ bytes: [UInt8], _ chain: AccountChain, _ old: [UInt8]?
  ) throws -> AccountPolicyDocument {
    do throws(ChainError) {
      return try AccountPolicyCheck.verify(bytes, chain: chain, accepted: old).body
    } catch {
      guard error.code == .rolledBack else { throw error }
      throw Problem.conflict("policy-older", "a policy of this or a higher version is stored")
    }
  }

  /// An account's policy, for its own clients and for the cameras whose roster names it.
  func accountPolicy(of account: AccountID, for identity: Identity) async throws -> [UInt8] {
    switch identity {
    case .client(_, account, _): break
    case .device(let device, _):
      let camera = try await camera(device)
      guard camera.accounts.contains(account) else { throw Relay.otherAccount }
    case .client: throw Relay.otherAccount
    }
    guard let policy = try await store.read({ try $0.accountPolicy(account) }) else {
      throw Problem.unknown("policy-none", "no policy of this account is stored")
    }
    return policy
  }

  static let otherAccount = Problem.forbidden("account-no-rights", "this is another account's own affair")
}
