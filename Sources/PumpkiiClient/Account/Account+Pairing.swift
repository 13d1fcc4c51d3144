internal import PumpkiiChain
internal import PumpkiiSystem
internal import PumpkiiTransport
internal import PumpkiiVault
internal import PumpkiiWire

extension Account {
  /// Becomes the owner of a camera that shows a code: `pumpkii agent pair` on its board, then here the code or link.
  ///
  /// Both sides prove that they saw the code, and the camera's key is the one of the QR code when the link is given.
  /// - Parameters:
  ///   - code: the code as typed, or the link of the QR code (`pumpkii:pair?…`).
  ///   - name: what to call the camera; `camera-` and the beginning of its id without one.
  ///   - timeout: how long to wait for the camera's answers.
  /// - Throws: ``ClientError``: `vault-bad-code` for a mistyped code, `client-pairing`, `client-timeout`.
  public func pair(
    _ code: String, name: String? = nil, timeout: Duration = .seconds(60)
  ) async throws(ClientError) -> CameraLink {
    let (secret, link) = try Self.read(code)
    if let link { try check(link) }
    let mailbox = PairingMailbox(account: self, id: secret.mailbox, end: .now + timeout)
    let offer = try PairingOffer.decode(await mailbox.take("offer"))
    if let link {
      do { try link.check(deviceKey: offer.deviceKey) } catch {
        throw ClientError(
          .pairing, "another camera answered than the one that shows this code",
          advice: "show a new code on the camera, and begin again")
      }
    }
    let roster = try await exchange(offer, secret, mailbox)
    try files.write(EntryList.encode(roster.entries), to: rosterPath(roster.device))
    try remember(roster.device) { record in
      if let name { record.name = name }
      record.owner = accountID.hex
      record.isPaired = true
      record.rosterVersion = roster.version
    }
    let done = PairingDone(device: roster.device, rosterHash: roster.hash)
    try await mailbox.put("done", identity.sign(done, .roster).bytes)
    return try await camera(roster.device.hex)
  }

  private static func read(_ code: String) throws(ClientError) -> (PairingSecret, PairingLink?) {
    do throws(VaultError) {
      guard code.hasPrefix("pumpkii:") else { return (try PairingSecret(code: code), nil) }
      let link = try PairingLink(code)
      return (link.secret, link)
    } catch {
      let isLink = code.hasPrefix("pumpkii:")
      let what = isLink ? "this is no whole pairing link" : "this is no pairing code, or it is mistyped"
      throw ClientError(
        ClientError.Code(rawValue: error.code.rawValue), what,
        advice: "type all groups of what `pumpkii agent pair` shows on the camera, or paste its link in quotes")
    }
  }

  /// A home has one relay; a camera at another one belongs into another home.
  private func check(_ link: PairingLink) throws(ClientError) {
    let isSame = link.pin.map { $0 == record.relay.pin } ?? (link.origin == record.relay.origin)
    guard isSame || link.origin == record.relay.origin && record.relay.pin == nil else {
      throw ClientError(
        .pairing, "the camera is at \(link.origin), this account at \(relay)",
        advice: "make an account there in another folder: pumpkii account create --relay \(link.origin) --home FOLDER")
    }
  }

  private func exchange(
    _ offer: PairingOffer, _ secret: PairingSecret, _ mailbox: PairingMailbox
  ) async throws(ClientError) -> Roster {
    let nonce = try ClientError.translating { try Nonce(SystemRandom.bytes(Nonce.byteCount)) }
    let chain = chain
    let transcript = PairingSecret.Transcript(
      deviceKey: offer.deviceKey, clientKey: identity.publicKey, account: accountID, accountHead: chain.head,
      deviceNonce: offer.nonce, clientNonce: nonce)
    let announcements = try ClientError.translating { try EntryList.decode(files.read(files.announcements) ?? []) }
    let answer = PairingAnswer(
      chain: chain.entries, sealingKeys: announcements, clientKey: identity.publicKey, nonce: nonce,
      mac: secret.mac(.client, transcript))
    try await mailbox.put("answer", answer.encoded)
    let confirmation = try PairingConfirmation.decode(await mailbox.take("confirm"))
    do { try secret.check(confirmation.mac, .device, transcript) } catch {
      throw ClientError(
        .pairing, "the camera did not prove that it knows the code",
        advice: "show a new code on the camera, and begin again")
    }
    return try genesis(confirmation.genesis, offer, chain)
  }

  private func genesis(
    _ bytes: [UInt8], _ offer: PairingOffer, _ chain: AccountChain
  ) throws(ClientError) -> Roster {
    let roster = try ClientError.translating { try Roster(genesis: bytes) }
    let body = try ClientError.translating { try Signed<RosterGenesis>(decoding: bytes).body }
    guard roster.deviceKey == offer.deviceKey, body.owner == accountID,
      chain.contains(version: body.ownerVersion, head: body.ownerHead)
    else { throw ClientError(.pairing, "the camera names another key or owner than was agreed on") }
    if let known = try files.read(files.roster(roster.device)), !known.starts(with: EntryList.encode([bytes])) {
      // The camera was reset and begins anew; what was remembered of its former life would only look like a rollback.
      try ClientError.translating { try DurableFile.remove(files.camera(roster.device)) }
    }
    return roster
  }

  private func rosterPath(_ device: DeviceID) throws(ClientError) -> String {
    try ClientError.translating { try DurableFile.makeFolder("\(files.cameras)/\(device.hex)") }
    return files.roster(device)
  }
}

extension WireBody {
  /// - Throws: ``ClientError`` with the wire's code.
  static func decode(_ bytes: [UInt8]) throws(ClientError) -> Self {
    try ClientError.translating { try Self(decoding: bytes) }
  }
}

/// The place at the relay where a camera and a client that know the same secret leave each other four messages.
struct PairingMailbox: Sendable {
  let account: Account
  let id: MailboxID
  let end: ContinuousClock.Instant

  /// - Throws: ``ClientError``.
  func put(_ slot: String, _ bytes: [UInt8]) async throws(ClientError) {
    _ = try await ClientError.translating {
      try await account.connection.send(.put, "/v1/pairing/\(id.hex)/\(slot)", body: bytes, authenticated: false)
    }
  }

  /// Waits for a message.
  /// - Throws: ``ClientError`` `client-timeout`.
  func take(_ slot: String) async throws(ClientError) -> [UInt8] {
    while ContinuousClock.now < end {
      let left = max(1, min(10, (end - .now).components.seconds))
      let bytes = try await ClientError.translating {
        try await account.connection.get("/v1/pairing/\(id.hex)/\(slot)?wait=\(left)", authenticated: false)
      }
      if !bytes.isEmpty { return bytes }
      // A relay that does not hold the request back must not be asked without a pause.
      try await ClientError.translating { try await Task.sleep(for: .milliseconds(200)) }
    }
    throw ClientError(
      .timeout, slot == "offer" ? "no camera shows this code at \(account.relay)" : "the camera did not answer",
      advice: "check the code, and that `pumpkii agent pair` still runs on the camera's board")
  }
}
