package import PumpkiiWire

/// An account's verified chain: who its clients are, and were at every head it ever had.
///
/// Entries that a recovery entry made void stay in ``entries``, in the order in which they were taken: what was
/// accepted while they stood can still be verified by somebody who reads the chain later.
package struct AccountChain: Sendable, Equatable {
  /// The last entries of a full chain are kept for the recovery key, so that a full chain can still be settled.
  private static let clientEntryLimit = WireLimits.chainEntries - 64

  /// Encoded ``SignedAccountEntry`` values in the order in which they were taken, genesis first.
  package private(set) var entries: [[UInt8]]
  /// The entry that contradicts this chain, while no recovery entry has settled it. New rights wait for that.
  package private(set) var fork: Digest?
  /// In the order of ``entries``.
  private var states: [AccountState]
  private var index: [Digest: Int]
  private var headPlace: Int

  /// Verifies a whole chain.
  /// - Throws: ``ChainError``.
  package init(entries list: [[UInt8]]) throws(ChainError) {
    guard let genesis = list.first else { throw ChainError(.empty, "account chain") }
    let head = Hashes.sha256(genesis)
    let state = try AccountState(genesis: Decoding.accountEntry(genesis), head: head)
    entries = [genesis]
    states = [state]
    index = [head: 0]
    headPlace = 0
    for entry in list.dropFirst() { try append(entry) }
  }

  private var current: AccountState { states[headPlace] }

  /// SHA-256 of the genesis entry.
  package var id: AccountID { Hashes.fixed(states[0].head.bytes) }
  /// 1 after the genesis.
  package var version: UInt32 { current.version }
  /// SHA-256 of the newest entry that stands.
  package var head: Digest { current.head }
  /// Recovery entries on the path to the head.
  package var recoveries: Int { current.recoveries }
  /// The clients that stand now.
  package var clients: [ClientID: AccountEntry.Client] { current.clients }
  /// The paper key that stands now.
  package var recovery: AccountEntry.Recovery { current.recovery }

  /// Was this ever a head of the chain? Those that a recovery entry made void count.
  package func contains(version: UInt32, head: Digest) -> Bool {
    index[head].map { states[$0].version == version } ?? false
  }

  /// The clients as they stood at a head the chain once had.
  package func clients(at head: Digest) -> [ClientID: AccountEntry.Client]? {
    index[head].map { states[$0].clients }
  }

  /// Everybody who ever was a client of it.
  package var everyClient: Set<ClientID> { states.reduce(into: Set(clients.keys)) { $0.formUnion($1.clients.keys) } }

  /// A client that stands or ever stood; what it signed while it stood outlives it.
  package func everClient(_ id: ClientID) -> AccountEntry.Client? {
    if let client = clients[id] { return client }
    return states.lazy.compactMap { $0.clients[id] }.first
  }

  /// Whether this head is to be preferred: more recovery entries, then the higher version.
  package func isNewer(than other: AccountChain) -> Bool {
    (recoveries, version) > (other.recoveries, other.version)
  }

  /// Takes one entry. One that is known changes nothing; one that a recovery entry has overtaken is kept as void.
  /// - Throws: ``ChainError``; after `fork` the chain stands as it was, with ``fork`` set.
  package mutating func append(_ bytes: [UInt8]) throws(ChainError) {
    let hash = Hashes.sha256(bytes)
    guard index[hash] == nil else { return }
    let entry = try Decoding.accountEntry(bytes)
    if case .genesis = entry.body.change { throw ChainError(.wrongAccount, "another genesis") }
    guard let before = index[entry.body.previous] else { throw ChainError(.wrongPrevious, "account entry") }
    let state = try states[before].following(entry, head: hash)
    let isRestatement = state.recoveries > states[before].recoveries
    guard entries.count < (isRestatement ? WireLimits.chainEntries : Self.clientEntryLimit) else {
      throw ChainError(.tooLong, "account chain")
    }
    try place(state, before: before, isRestatement: isRestatement)
    states.append(state)
    index[hash] = states.count - 1
    entries.append(bytes)
  }

  /// Decides what a valid entry means here: the new head, void because a recovery entry has overtaken it, or a fork.
  private mutating func place(_ state: AccountState, before: Int, isRestatement: Bool) throws(ChainError) {
    if before == headPlace || (isRestatement && state.recoveries > recoveries) {
      headPlace = states.count
      if isRestatement { fork = nil }
    } else if isRestatement || state.recoveries == recoveries {
      fork = state.head
      throw ChainError(.fork, "two entries follow version \(states[before].version)")
    }
  }

  /// Takes a list that repeats or extends what is known, in any part. Where the list contradicts this chain, it is
  /// taken in place of it when it holds more recovery entries and the first of those that are new here is signed by
  /// the recovery key that stands here: then the account's owner settled what its clients could not.
  /// - Throws: ``ChainError``; the chain then stands as it was, but for ``fork``.
  package mutating func extend(_ list: [[UInt8]]) throws(ChainError) {
    var extended = self
    do {
      for entry in list { try extended.append(entry) }
      self = extended
    } catch {
      guard error.code == .fork else { throw error }
      fork = extended.fork
      try settle(with: list)
    }
  }

  /// - Throws: ``ChainError`` `fork` when `list` does not settle it.
  private mutating func settle(with list: [[UInt8]]) throws(ChainError) {
    var other = try AccountChain(entries: list)
    guard other.id == id else { throw ChainError(.wrongAccount, "account chain") }
    guard other.recoveries > recoveries, try firstNewRecoverySigner(list) == recovery.signing else {
      throw ChainError(.fork, "account chain")
    }
    // What stood here is void now, and stays known where it can; what cannot be placed is nobody's loss.
    for entry in entries { try? other.append(entry) }
    other.fork = nil
    self = other
  }

  /// Who signed the first recovery entry of `list` that is not known here.
  private func firstNewRecoverySigner(_ list: [[UInt8]]) throws(ChainError) -> SigningKey? {
    for bytes in list where index[Hashes.sha256(bytes)] == nil {
      let entry = try Decoding.accountEntry(bytes)
      if case .restate = entry.body.change { return entry.signers.first?.key }
    }
    return nil
  }
}
