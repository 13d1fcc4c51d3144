package import PumpkiiWire

// What readers of a roster do: take it from the device's order, whole or further than they know it.
extension Roster {
  /// Verifies a whole roster: genesis, order, every signature by a client of an owner at the head it names.
  /// - Throws: ``ChainError``; `unknownAccount` where `accounts` lacks an owner's chain or the head that is named.
  package static func decode(
    entries: [[UInt8]], accounts: (AccountID) -> AccountChain?
  ) throws(ChainError) -> Roster {
    var roster = try begin(entries)
    try roster.take(entries.dropFirst(), .reader, accounts: accounts)
    return roster
  }

  /// Takes a list that begins with everything that is known and goes on from there.
  /// - Throws: ``ChainError``: `fork` for another order than the known one, `rolledBack` for a shorter list, else as
  ///   ``decode(entries:accounts:)``. The roster then stands as it was.
  package mutating func extend(
    entries list: [[UInt8]], accounts: (AccountID) -> AccountChain?
  ) throws(ChainError) {
    try go(on: list, .reader, accounts: accounts)
  }

  /// Like ``decode(entries:accounts:)`` for a reader without the accounts' chains: the genesis' signature, the hash
  /// chain and the rules of order hold, the signatures of the operations are not looked at. What it says is only as
  /// good as a key head of the device that names its version and hash.
  /// - Throws: ``ChainError``.
  package static func decodeStructure(entries: [[UInt8]]) throws(ChainError) -> Roster {
    var roster = try begin(entries)
    try roster.take(entries.dropFirst(), .structure) { _ in nil }
    return roster
  }

  /// Like ``extend(entries:accounts:)`` without the accounts' chains; see ``decodeStructure(entries:)``.
  /// - Throws: ``ChainError``.
  package mutating func extendStructure(entries list: [[UInt8]]) throws(ChainError) {
    try go(on: list, .structure) { _ in nil }
  }

  /// The accounts whose chains ``append(_:accounts:now:)`` will ask for: the signer's, and whom the operation names.
  /// - Throws: ``ChainError`` `malformed`.
  package static func accounts(in operation: [UInt8]) throws(ChainError) -> [AccountID] {
    let body = try Decoding.signed(RosterOperation.self, operation).body
    switch body.change {
    case .grant(let grant): return [body.account, grant.account]
    case .addOwner(let account, _, _): return [body.account, account]
    case .revoke, .narrow, .setPolicy, .removeOwner: return [body.account]
    }
  }

  private static func begin(_ entries: [[UInt8]]) throws(ChainError) -> Roster {
    guard let genesis = entries.first else { throw ChainError(.empty, "roster") }
    return try Roster(genesis: genesis)
  }

  private mutating func go(
    on list: [[UInt8]], _ reading: RosterRules.Reading, accounts: (AccountID) -> AccountChain?
  ) throws(ChainError) {
    guard zip(entries, list).allSatisfy({ $0 == $1 }) else { throw ChainError(.fork, "roster") }
    guard list.count >= entries.count else { throw ChainError(.rolledBack, "roster") }
    var longer = self
    try longer.take(list.dropFirst(entries.count), reading, accounts: accounts)
    self = longer
  }

  private mutating func take(
    _ operations: ArraySlice<[UInt8]>, _ reading: RosterRules.Reading, accounts: (AccountID) -> AccountChain?
  ) throws(ChainError) {
    let rules = RosterRules(reading: reading)
    for operation in operations {
      do {
        try take(operation, rules, accounts: accounts)
      } catch {
        throw error.chainError
      }
    }
  }
}
