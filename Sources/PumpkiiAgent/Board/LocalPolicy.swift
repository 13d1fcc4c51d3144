internal import PumpkiiChain
internal import PumpkiiWire

/// The policy of a board that is its own owner, as pairing takes it over: the new roster begins with its version and hash.
struct LocalPolicy: Sendable {
  let version: UInt64
  let hash: Digest
  /// Of the roster that it stands in.
  let rosterVersion: UInt64

  /// - Throws: ``AgentError`` `notPaired` when the board's roster does not verify.
  init(_ home: AgentHome) throws(AgentError) {
    var state = RosterState()
    try RosterStore(home: home).load(into: &state)
    rosterVersion = state.roster?.version ?? 0
    guard let policy = state.roster?.policy, state.policyDocument != nil else {
      (version, hash) = (0, .zero)
      return
    }
    (version, hash) = policy
  }
}
