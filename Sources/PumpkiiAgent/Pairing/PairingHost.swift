internal import PumpkiiChain
internal import PumpkiiSystem
package import PumpkiiTransport
internal import PumpkiiVault
package import PumpkiiWire

/// The device's side of a pairing: shows a secret, waits in the relay's mailbox for somebody who knows it, and takes that
/// account as its owner. Nothing is kept before the client's signed `done`.
package struct PairingHost: Sendable {
  /// Seconds a mailbox lives.
  package static let life = 600.0

  private let home: AgentHome
  private let identity: SigningIdentity
  private let relay: RelayAddress
  private let secret = PairingSecret()
  /// What a board that was its own owner goes by, for the new owner to take over; nil for a fresh one.
  private let adopted: LocalPolicy?

  /// - Throws: ``AgentError`` `alreadyPaired` when the camera has an owner, `rollback` or `audit` where the agent would
  ///   not start with one, `home` or `keys`.
  package init(home: AgentHome, relay: RelayAddress) throws(AgentError) {
    try LocalOwner.endIfPaired(home)
    let adopted = try LocalOwner.load(home) == nil ? nil : LocalPolicy(home)
    let hasRoster = try home.read("roster") != nil
    guard adopted != nil || !hasRoster else {
      throw AgentError(
        .alreadyPaired, "this camera has an owner already",
        advice: "The owner can share it; to give it away, remove the agent's folder and pair anew.")
    }
    try home.requireContinuity(taking: adopted)
    self.home = home
    self.relay = relay
    self.adopted = adopted
    identity = try home.identity()
  }

  /// What the QR code holds.
  package var link: String {
    PairingLink(origin: relay.origin, pin: relay.pin, secret: secret, deviceKey: identity.publicKey).text
  }

  /// What a person types.
  package var code: String { secret.code }

  package var device: DeviceID { DeviceID(of: identity.publicKey) }

  /// Waits for the owner and stores what both sides agreed on.
  /// - Returns: the new owner's account.
  /// - Throws: ``AgentError`` `pairing` when nobody came in time or the tries are used up; ``TransportError``.
  package func run() async throws -> AccountID {
    let connection = try RelayConnection(address: relay, signer: .device(identity))
    do {
      let owner = try await pair(over: Mailbox(connection: connection, id: secret.mailbox))
      await connection.shutdown()
      return owner
    } catch {
      await connection.shutdown()
      throw error
    }
  }

  private func pair(over mailbox: Mailbox) async throws -> AccountID {
    let nonce = try Nonce(SystemRandom.bytes(Nonce.byteCount))
    try await mailbox.put("offer", PairingOffer(deviceKey: identity.publicKey, nonce: nonce).encoded)
    let answer = try PairingAnswer(decoding: try await mailbox.take("answer"))
    let chain = try AccountChain(entries: answer.chain)
    guard chain.clients[ClientID(of: answer.clientKey)]?.kind == .program else {
      throw Self.refused("the client is none of the account")
    }
    let transcript = PairingSecret.Transcript(
      deviceKey: identity.publicKey, clientKey: answer.clientKey, account: chain.id, accountHead: chain.head,
      deviceNonce: nonce, clientNonce: answer.nonce)
    do throws(VaultError) {
      try secret.check(answer.mac, .client, transcript)
    } catch {
      try await mailbox.countFailure()
      throw Self.refused("the other side does not know the code")
    }
    let genesis = identity.sign(
      RosterGenesis(
        device: device, deviceKey: identity.publicKey, owner: chain.id, ownerVersion: chain.version,
        ownerHead: chain.head, policyVersion: adopted?.version ?? 0, policyHash: adopted?.hash ?? .zero), .roster)
    let confirmation = PairingConfirmation(mac: secret.mac(.device, transcript), genesis: genesis.bytes)
    try await mailbox.put("confirm", confirmation.encoded)
    let roster = try Roster(genesis: genesis.bytes)
    try await checkDone(try await mailbox.take("done"), roster: roster, key: answer.clientKey)
    try store(chain, answer.sealingKeys, roster)
    return chain.id
  }

  private func checkDone(_ bytes: [UInt8], roster: Roster, key: SigningKey) async throws {
    let done = try Signed<PairingDone>(decoding: bytes)
    try SignatureCheck.verify(done.signature, label: .roster, body: done.bodyBytes, key: key)
    guard done.body.device == device, done.body.rosterHash == roster.hash else {
      throw Self.refused("the client confirmed something else")
    }
  }

  private func store(_ chain: AccountChain, _ keys: [[UInt8]], _ roster: Roster) throws(AgentError) {
    let files = RosterStore(home: home)
    // The MAC does not cover the announcements; each carries its client's own signature.
    var book = SealingKeyBook()
    for announcement in keys { _ = try? book.take(announcement, chain: chain) }
    guard !book.announcements.isEmpty else { throw Self.refused("the client announced no key that verifies") }
    try files.save(chain, keys: book.announcements)
    try home.write(RelayFile(relay).bytes, RelayFile.name)
    // The roster last: it is what says "paired" at the next start. Then nobody but the new owner holds a key.
    if let adopted {
      try Counter(path: home.paths.counter, identity: identity).beginRoster(
        policyVersion: adopted.version, policyHash: adopted.hash)
    }
    try files.save(roster)
    if adopted != nil { try LocalOwner.end(home) }
  }

  private static func refused(_ reason: String) -> AgentError {
    AgentError(.pairing, "pairing ended: \(reason)", advice: "Start it again; a new code is shown.")
  }

  /// The relay's mailbox as four slots.
  private struct Mailbox {
    let connection: RelayConnection
    let id: MailboxID
    private var base: String { "/v1/pairing/\(id.hex)" }

    func put(_ slot: String, _ bytes: [UInt8]) async throws(TransportError) {
      try await connection.send(.put, "\(base)/\(slot)", body: bytes, authenticated: false)
    }

    /// Waits for the other side; an empty answer means "not yet".
    func take(_ slot: String) async throws -> [UInt8] {
      let end = Clocks.monotonic() + UInt64(PairingHost.life * 1e9)
      while Clocks.monotonic() < end {
        let bytes = try await connection.get("\(base)/\(slot)?wait=20", limit: 64 << 10, authenticated: false)
        if !bytes.isEmpty { return bytes }
        try Task.checkCancellation()
      }
      throw PairingHost.refused("nobody came within ten minutes")
    }

    func countFailure() async throws(TransportError) {
      try await connection.send(.post, "\(base)/failure", authenticated: false)
    }
  }
}
