internal import PumpkiiChain
internal import PumpkiiSystem
internal import PumpkiiTransport
internal import PumpkiiVault
internal import PumpkiiWire

// A change of the policy is a document and an operation that names it. Both are made from one roster: on another head
// the document is made anew, so that what was narrowed or set meanwhile is taken in and not undone.
extension CameraLink {
  /// What may become of flags and conditions; told anew for each roster.
  struct PolicyChange {
    var flags: (inout [String: Bool]) -> Void = { _ in }
    var conditions: (inout PolicyConditions) -> Void = { _ in }
  }

  /// What holds by a roster, and what else is on its way.
  private struct Held {
    var permissions: Permissions
    var conditions = PolicyConditions()
    /// The document that the roster names, as received.
    var bytes: [UInt8]?
    /// The version of an owner's document at the relay that no roster names yet; 0 for none.
    var waiting: UInt64 = 0
  }

  /// Makes the next document of what holds now and `change`, gives it to the camera and waits.
  func set(
    _ change: PolicyChange, waiting: Duration
  ) async throws(ClientError) -> (permissions: Permissions, confirmation: Confirmation) {
    let end = ContinuousClock.now + waiting
    var signed: Signed<PolicyDocument>?
    // Another owner's document may take this one's place at the relay, and then the camera refuses the operation.
    let done = try await submit(until: end, again: [.otherHead, .notAllowed]) {
      (roster) async throws(ClientError) -> RosterOperation.Change in
      let made = try await offer(change, on: roster, until: end)
      signed = made
      return .setPolicy(version: made.body.version, hash: Hashes.sha256(made.bytes))
    }
    guard let signed else { throw ClientError(.refused, "the camera's permissions were not set", advice: "try again") }
    return (Permissions(signed.body, hash: Hashes.sha256(signed.bytes), narrowed: []), done.confirmation)
  }

  /// The next document on top of `roster`, kept here and at the relay.
  /// - Throws: ``ClientError``.
  private func offer(
    _ change: PolicyChange, on roster: Roster, until end: ContinuousClock.Instant
  ) async throws(ClientError) -> Signed<PolicyDocument> {
    let held = try await present(roster)
    var flags = Dictionary(uniqueKeysWithValues: Self.permissionFlags.map { ($0, held.permissions.allows($0)) })
    change.flags(&flags)
    var conditions = held.conditions
    change.conditions(&conditions)
    let signed = try make(max(held.permissions.version, held.waiting), flags, conditions, roster)
    try keep(signed.bytes, over: held.bytes)
    try account.remember(id()) { $0.policyVersion = signed.body.version }
    do throws(ClientError) {
      try await give(.put, "policy", signed.bytes, until: end)
    } catch {
      throw error.code.rawValue == "policy-older" ? Self.overtaken : error
    }
    return signed
  }

  /// Somebody's document came first: what holds has to be looked at again.
  static let overtaken = ClientError(
    ClientError.Code(rawValue: "policy-older"), "another owner set the camera's permissions at the same time",
    advice: "look at them and try again: pumpkii permissions show", isTransient: true, isForbidden: false)

  /// What holds now; when nobody has the document any more, nothing does, and it is set anew from there.
  private func present(_ roster: Roster) async throws(ClientError) -> Held {
    let offered = try await offeredPolicy()
    do throws(ClientError) {
      let document = try await document(roster, offered)
      return Held(
        permissions: Permissions(document, roster), conditions: document?.body.conditions ?? PolicyConditions(),
        bytes: document?.bytes, waiting: await waitingVersion(offered, roster))
    } catch {
      guard error.code == .rolledBack else { throw error }
      return Held(permissions: Permissions(nil, roster))
    }
  }

  /// The next document. Above every version seen, so that an attempt that the camera never answered cannot stand in its
  /// way.
  private func make(
    _ version: UInt64, _ flags: [String: Bool], _ conditions: PolicyConditions, _ roster: Roster
  ) throws(ClientError) -> Signed<PolicyDocument> {
    let remembered = try account.known(id())?.policyVersion ?? 0
    let last = max(version, remembered, roster.policy.version)
    guard last < WireLimits.policyVersions - 1 else {
      throw ClientError(.refused, "the camera's permissions cannot be set any more", advice: "reset the camera")
    }
    let document = PolicyDocument(
      device: try id(), version: last + 1, time: Clocks.unixMicroseconds(), account: account.accountID,
      client: account.client, settings: flags.map { PolicyDocument.Setting(flag: $0, allow: $1) },
      conditions: conditions)
    return account.identity.sign(document, .policy)
  }

  /// The document that the roster names; nil before the first. The relay may hold a newer one that the camera has not
  /// answered yet, then ours is asked for.
  func document(_ roster: Roster) async throws(ClientError) -> Signed<PolicyDocument>? {
    guard roster.policy.version > 0 else { return nil }
    return try await document(roster, offeredPolicy())
  }

  private func document(
    _ roster: Roster, _ offered: [UInt8]
  ) async throws(ClientError) -> Signed<PolicyDocument>? {
    guard roster.policy.version > 0 else { return nil }
    for bytes in [offered] + (try keptPolicies()) where Hashes.sha256(bytes) == roster.policy.hash {
      return try await verified(bytes, roster)
    }
    throw ClientError(
      .rolledBack, "nobody has the policy document that the camera goes by",
      advice: "set the flags anew; until then the camera keeps the last one")
  }

  /// What the relay holds; empty for nothing.
  private func offeredPolicy() async throws(ClientError) -> [UInt8] {
    let path = "/v1/cameras/\(device)/policy"
    return try await account.ask { () async throws(TransportError) -> [UInt8] in
      do throws(TransportError) { return try await account.connection.get(path) } catch {
        if error.status == 404 { return [] }
        throw error
      }
    }
  }

  /// An owner's document that waits for the camera takes its version; what does not verify takes none.
  private func waitingVersion(_ bytes: [UInt8], _ roster: Roster) async -> UInt64 {
    guard !bytes.isEmpty, let document = try? await verified(bytes, roster) else { return 0 }
    return document.body.version
  }

  private func verified(_ bytes: [UInt8], _ roster: Roster) async throws(ClientError) -> Signed<PolicyDocument> {
    let chain = try await signerChain(bytes)
    return try ClientError.translating {
      try PolicyCheck.verify(bytes, roster: roster) { $0 == chain.id ? chain : nil }
    }
  }

  private func signerChain(_ bytes: [UInt8]) async throws(ClientError) -> AccountChain {
    let signer = try Signed<PolicyDocument>.decode(bytes).body.account
    return signer == account.accountID ? account.chain : try await account.fetchChain(of: signer)
  }

  /// Documents kept beside the newest one.
  private static let keptCount = 8

  private func keptPolicies() throws(ClientError) -> [[UInt8]] {
    let file = try account.files.policy(id())
    let before = try account.files.read(file + ".before") ?? []
    // A folder of an older version has one document there and no list.
    let older = (try? EntryList.decode(before)) ?? [before]
    return [try account.files.read(file)].compactMap { $0 } + older
  }

  /// Beside the one that holds until the camera has answered, and what another program of this folder has on its way.
  private func keep(_ bytes: [UInt8], over held: [UInt8]?) throws(ClientError) {
    let file = try account.files.policy(id())
    let others = try keptPolicies().filter { $0 != held && $0 != bytes && !$0.isEmpty }
    let older = [held].compactMap { $0 } + others.prefix(Self.keptCount)
    try account.files.write(EntryList.encode(older), to: file + ".before")
    try account.files.write(bytes, to: file)
  }
}

extension Signed {
  /// - Throws: ``ClientError`` with the wire's code.
  static func decode(_ bytes: [UInt8]) throws(ClientError) -> Signed<Body> {
    try ClientError.translating { try Signed<Body>(decoding: bytes) }
  }
}
