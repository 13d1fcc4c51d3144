internal import PumpkiiChain
package import PumpkiiPolicy
package import PumpkiiWire

// The policy of a board that is its own owner.
extension RosterKeeper {
  /// Sets flags and conditions of a board that is its own owner, signed by the board's own owner key.
  /// - Throws: ``AgentError``: `policy` where the board is not its own owner, `keys` or `home`.
  package func setLocally(
    _ change: (inout [String: Bool], inout PolicyConditions) -> Void
  ) throws(AgentError) {
    guard let roster = state.roster, let owner = try LocalOwner.load(parts.home),
      let chain = roster.owners.lazy.compactMap({ self.state.accounts[$0] }).first(where: {
        $0.clients[owner.client] != nil
      })
    else {
      throw AgentError(
        .policy, "this board is not its own owner",
        advice: "Its owner sets the flags: pumpkii permissions set. Here they can only be narrowed.")
    }
    let document = state.policyDocument
    var flags = Dictionary(
      (document?.settings ?? []).map { ($0.flag, $0.allow && !roster.narrowed.contains($0.flag)) }
    ) { $1 }
    var conditions = document?.conditions ?? PolicyConditions()
    change(&flags, &conditions)
    let made = try owner.policy(
      flags.map { PolicyDocument.Setting(flag: $0, allow: $1) }, conditions, version: roster.policy.version + 1,
      roster: roster, chain: chain)
    try apply(made.operation, policy: made.document)
    nudge()
  }

  /// Confirms a sensor on a board that is its own owner: from now on another one in its place is denied.
  /// - Throws: ``AgentError``: `policy` where the board is not its own owner, `keys` or `home`.
  package func confirmLocally(_ flag: Flag, fingerprint: String) throws(AgentError) {
    guard let digest = try? Digest(hex: fingerprint) else {
      throw AgentError(.policy, "the fingerprint is none", advice: "`pumpkii status --board` prints it.")
    }
    let sensor: UInt8 = flag == .sensorCamera ? 1 : 2
    try setLocally { _, conditions in
      conditions.devices.removeAll { $0.sensor == sensor }
      conditions.devices.append(PolicyConditions.Device(sensor: sensor, fingerprint: digest))
      conditions.devices.sort { $0.sensor < $1.sensor }
    }
  }
}
