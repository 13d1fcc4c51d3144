internal import PumpkiiWire

/// What an account's chain says after one of its entries, and the rules by which the next entry may change it.
struct AccountState: Sendable, Equatable {
  let version: UInt32
  let head: Digest
  /// Recovery entries up to here; what heads are compared by before their version.
  let recoveries: Int
  let clients: [ClientID: AccountEntry.Client]
  let recovery: AccountEntry.Recovery

  /// The state after a genesis: signed by its one client and its recovery key, both named in it.
  /// - Throws: ``ChainError``.
  init(genesis entry: SignedAccountEntry, head: Digest) throws(ChainError) {
    guard case .genesis(let client, let recovery) = entry.body.change else {
      throw ChainError(.notAllowed, "a chain begins with its genesis")
    }
    guard entry.body.version == 1 else { throw ChainError(.wrongVersion, "genesis") }
    guard entry.body.previous == .zero else { throw ChainError(.wrongPrevious, "genesis") }
    guard client.kind == .program else { throw ChainError(.notAllowed, "the first client is a program") }
    guard client.key != recovery.signing else { throw ChainError(.notAllowed, "client and recovery share a key") }
    guard Set(entry.signers.map(\.key)) == [client.key, recovery.signing] else {
      throw ChainError(.notMember, "a genesis is signed by its client and its recovery key")
    }
    try Self.verifySignatures(entry)
    try SealingKeyCheck.verify(recovery.suite, recovery.sealing)
    version = 1
    self.head = head
    recoveries = 0
    clients = [ClientID(of: client.key): client]
    self.recovery = recovery
  }

  /// The state after `entry`, which must follow this one.
  /// - Throws: ``ChainError``.
  func following(_ entry: SignedAccountEntry, head: Digest) throws(ChainError) -> AccountState {
    guard entry.body.previous == self.head else { throw ChainError(.wrongPrevious, "account entry") }
    guard entry.body.version == version + 1 else { throw ChainError(.wrongVersion, "account entry") }
    guard entry.signers.count == 1, let signer = entry.signers.first else {
      throw ChainError(.notAllowed, "an entry after the genesis has one signer")
    }
    let next =
      switch entry.body.change {
      case .genesis: throw ChainError(.notAllowed, "a second genesis")
      case .add(let client): try adding(client, signer: signer.key, head: head)
      case .remove(let client): try removing(client, signer: signer.key, head: head)
      case .restate(let clients, let recovery): try restating(clients, recovery, signer: signer.key, head: head)
      }
    try Self.verifySignatures(entry)
    return next
  }

  private func adding(
    _ client: AccountEntry.Client, signer: SigningKey, head: Digest
  ) throws(ChainError) -> AccountState {
    try requireProgram(signer)
    guard clients.count < WireLimits.clientsPerAccount else { throw ChainError(.tooManyClients, "account entry") }
    try SignatureCheck.check(client.key, "client key")
    let id = ClientID(of: client.key)
    guard clients[id] == nil, client.key != recovery.signing else {
      throw ChainError(.duplicateClient, "account entry")
    }
    var clients = clients
    clients[id] = client
    return AccountState(after: self, head: head, clients: clients)
  }

  private func removing(_ client: ClientID, signer: SigningKey, head: Digest) throws(ChainError) -> AccountState {
    try requireProgram(signer)
    var clients = clients
    guard clients.removeValue(forKey: client) != nil else { throw ChainError(.unknownClient, "account entry") }
    guard clients.values.contains(where: { $0.kind == .program }) else {
      throw ChainError(.lastClient, "the last program of an account leaves by a recovery entry only")
    }
    return AccountState(after: self, head: head, clients: clients)
  }

  private func restating(
    _ list: [AccountEntry.Client], _ recovery: AccountEntry.Recovery, signer: SigningKey, head: Digest
  ) throws(ChainError) -> AccountState {
    guard signer == self.recovery.signing else { throw ChainError(.notMember, "a restatement needs the recovery key") }
    guard list.contains(where: { $0.kind == .program }) else { throw ChainError(.lastClient, "restatement") }
    try SignatureCheck.check(recovery.signing, "recovery key")
    try SealingKeyCheck.verify(recovery.suite, recovery.sealing)
    var clients: [ClientID: AccountEntry.Client] = [:]
    for client in list {
      try SignatureCheck.check(client.key, "client key")
      guard client.key != recovery.signing, clients.updateValue(client, forKey: ClientID(of: client.key)) == nil else {
        throw ChainError(.duplicateClient, "restatement")
      }
    }
    return AccountState(
      version: version + 1, head: head, recoveries: recoveries + 1, clients: clients, recovery: recovery)
  }

  /// The signer is a client of the kind that may change the account.
  private func requireProgram(_ signer: SigningKey) throws(ChainError) {
    guard let client = clients[ClientID(of: signer)] else { throw ChainError(.notMember, "account entry") }
    guard client.kind == .program else { throw ChainError(.notAllowed, "a page does not change its account") }
  }

  private static func verifySignatures(_ entry: SignedAccountEntry) throws(ChainError) {
    for signer in entry.signers {
      try SignatureCheck.verify(signer.signature, label: .account, body: entry.bodyBytes, key: signer.key)
    }
  }

  private init(after state: AccountState, head: Digest, clients: [ClientID: AccountEntry.Client]) {
    self.init(
      version: state.version + 1, head: head, recoveries: state.recoveries, clients: clients, recovery: state.recovery)
  }

  private init(
    version: UInt32, head: Digest, recoveries: Int, clients: [ClientID: AccountEntry.Client],
    recovery: AccountEntry.Recovery
  ) {
    self.version = version
    self.head = head
    self.recoveries = recoveries
    self.clients = clients
    self.recovery = recovery
  }
}
