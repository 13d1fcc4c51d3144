internal import PumpkiiChain
internal import PumpkiiSystem
package import PumpkiiVault
package import PumpkiiWire

/// The owner of a board that nobody has paired: an account whose only program is the board itself. It signs policies like
/// any owner and receives the keys of what the board records. Pairing takes over its policy and ends its keys.
package struct LocalOwner: Sendable {
  static let folder = "local"
  private static var identityFile: String { "\(folder)/identity.key" }
  private static var sealingFile: String { "\(folder)/sealing.key" }

  let identity: SigningIdentity
  /// Opens what the board recorded.
  package let sealing: SealingKeyPair
  package var client: ClientID { ClientID(of: identity.publicKey) }

  /// The local owner of a folder; nil when there is none.
  /// - Throws: ``AgentError`` `keys`.
  package static func load(_ home: AgentHome) throws(AgentError) -> LocalOwner? { try load(home.paths) }

  /// The same beside a running agent.
  /// - Throws: ``AgentError`` `keys`.
  package static func load(_ paths: AgentPaths) throws(AgentError) -> LocalOwner? {
    do throws(VaultError) {
      guard let identity = try SigningIdentity.load("\(paths.folder)/\(identityFile)") else { return nil }
      guard let sealing = try SealingKeyPair.load("\(paths.folder)/\(sealingFile)") else { return nil }
      return LocalOwner(identity: identity, sealing: sealing)
    } catch {
      throw unusable(error)
    }
  }

  /// Makes the board its own owner. The roster is written last: it is what says that the board has one.
  /// - Returns: the owner and its paper key, to be shown once and kept nowhere else.
  /// - Throws: ``AgentError``: `alreadyPaired`, `rollback` or `audit` where the agent would not start with it, `keys`
  ///   or `home`.
  package static func create(_ home: AgentHome) throws(AgentError) -> (owner: LocalOwner, recovery: RecoverySeed) {
    guard try home.read("roster") == nil else {
      throw AgentError(
        .alreadyPaired, "this camera has an owner already",
        advice: "Look at its permissions: pumpkii permissions show --board \(home.folder)")
    }
    try home.requireContinuity()
    try AgentHome.guarded { () throws(SystemError) in try DurableFile.makeFolder("\(home.folder)/\(folder)") }
    let owner = LocalOwner(identity: SigningIdentity(), sealing: SealingKeyPair(suite: .xWing))
    let recovery = RecoverySeed()
    let device = try home.identity()
    do throws(VaultError) {
      try owner.identity.save("\(home.folder)/\(identityFile)")
      try owner.sealing.save("\(home.folder)/\(sealingFile)")
    } catch {
      throw AgentError(.keys, "the board's owner key cannot be written", advice: "Check the disk and the folder.")
    }
    try owner.write(home, device, recovery)
    return (owner, recovery)
  }

  private func write(_ home: AgentHome, _ device: SigningIdentity, _ recovery: RecoverySeed) throws(AgentError) {
    let now = Clocks.unixMicroseconds()
    do throws(ChainError) {
      let chain = try AccountChain(entries: [genesis(recovery, now)])
      let announcement = identity.sign(
        SealingKeyAnnouncement(
          account: chain.id, client: client, counter: 1, time: now, suite: sealing.suite, publicKey: sealing.publicKey),
        .sealingKey)
      let roster = try Roster(
        genesis: device.sign(
          RosterGenesis(
            device: DeviceID(of: device.publicKey), deviceKey: device.publicKey, owner: chain.id,
            ownerVersion: chain.version, ownerHead: chain.head), .roster
        ).bytes)
      let store = RosterStore(home: home)
      do throws(AgentError) {
        try store.save(chain, keys: [announcement.bytes])
        try store.save(roster)
      } catch {
        throw ChainError(.malformed, error.reason)
      }
    } catch {
      throw AgentError(.home, "the board's owner cannot be written: \(error)", advice: "Check the disk and the folder.")
    }
  }

  private func genesis(_ recovery: RecoverySeed, _ now: UInt64) -> [UInt8] {
    let client = AccountEntry.Client(key: identity.publicKey, kind: .program)
    let body = AccountEntry(version: 1, previous: .zero, time: now, change: .genesis(client, recovery.recovery))
    let signers = [identity, recovery.signing].map {
      SignedAccountEntry.Signer(key: $0.publicKey, signature: $0.sign(.account, body.encoded))
    }
    return SignedAccountEntry(body: body, signers: signers).bytes
  }

  /// A policy of this owner, and the operation that puts it in force.
  func policy(
    _ settings: [PolicyDocument.Setting], _ conditions: PolicyConditions, version: UInt64, roster: Roster,
    chain: AccountChain
  ) throws(AgentError) -> (document: [UInt8], operation: [UInt8]) {
    let document = identity.sign(
      PolicyDocument(
        device: roster.device, version: version, time: Clocks.unixMicroseconds(), account: chain.id, client: client,
        settings: settings, conditions: conditions), .policy
    ).bytes
    guard let nonce = try? Nonce(SystemRandom.bytes(Nonce.byteCount)) else {
      throw AgentError(.keys, "no random bytes", advice: "Try again.")
    }
    let operation = RosterOperation(
      device: roster.device, client: client, account: chain.id, accountVersion: chain.version, accountHead: chain.head,
      rosterHash: roster.hash, nonce: nonce, change: .setPolicy(version: version, hash: Hashes.sha256(document)))
    return (document, identity.sign(operation, .roster).bytes)
  }

  /// Finishes a pairing that was cut before its last step: where the roster has other owners, the board's own key is
  /// destroyed. Ask before anything asks whether the board is its own owner.
  /// - Throws: ``AgentError``: `keys`, `home`, or `notPaired` when the roster does not verify.
  package static func endIfPaired(_ home: AgentHome) throws(AgentError) {
    let files = [identityFile, sealingFile].map { "\(home.folder)/\($0)" }
    guard files.contains(where: { DurableFile.exists($0) }) else { return }
    var state = RosterState()
    try RosterStore(home: home).load(into: &state)
    guard let roster = state.roster, let client = try savedClient(home) else { return }
    let isOwner = roster.owners.contains { state.accounts[$0]?.everClient(client) != nil }
    if !isOwner { try end(home) }
  }

  /// The client whose key is there, with or without the key that opens recordings.
  private static func savedClient(_ home: AgentHome) throws(AgentError) -> ClientID? {
    do throws(VaultError) {
      return try SigningIdentity.load("\(home.folder)/\(identityFile)").map { ClientID(of: $0.publicKey) }
    } catch {
      throw unusable(error)
    }
  }

  private static func unusable(_ error: VaultError) -> AgentError {
    AgentError(
      .keys, "the board's own owner key cannot be used (\(error.code.rawValue))",
      advice: "Restore the folder \(folder) from a backup, or remove the agent's folder and set it up anew.")
  }

  /// Its keys are destroyed: a paired owner has taken over. What was recorded before opens with the paper key.
  static func end(_ home: AgentHome) throws(AgentError) {
    try AgentHome.guarded { () throws(SystemError) in
      try DurableFile.remove("\(home.folder)/\(sealingFile)")
      try DurableFile.remove("\(home.folder)/\(identityFile)")
    }
  }
}
