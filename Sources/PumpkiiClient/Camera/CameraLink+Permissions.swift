internal import PumpkiiChain
package import PumpkiiPolicy
internal import PumpkiiSystem
internal import PumpkiiTransport
internal import PumpkiiVault
internal import PumpkiiWire

extension CameraLink {
  /// The flags that exist.
  public static var permissionFlags: [String] { Flag.allCases.map(\.rawValue) }

  /// The policy document that the camera goes by, verified.
  /// - Throws: ``ClientError``: `client-rolled-back` when the relay has another one than the roster names.
  public func permissions() async throws(ClientError) -> Permissions {
    let roster = try await ownedRoster()
    return Permissions(try await document(roster), roster)
  }

  /// Why a flag or a point is as it is, as far as the owner can know from here: policy, times, terms and shares. What the
  /// camera's hardware and whoever runs its board deny is known on the board alone.
  /// - Parameters:
  ///   - subject: a flag or a point, as `sensor.camera` or `E3`.
  ///   - other: the account for whom it is asked, 64 hexadecimal digits.
  ///   - time: Unix µs.
  ///   - rules: reads a zone of this machine.
  /// - Throws: ``ClientError``: `client-usage` for another subject.
  package func explain(
    _ subject: String, for other: String? = nil, at time: UInt64, zones rules: (String) -> ZoneRules?
  ) async throws(ClientError) -> [ExplainedDecision] {
    let requests = Request.all(about: subject, account: other)
    guard !requests.isEmpty else {
      throw ClientError(
        .usage, "there is no flag and no point \(subject)", advice: "`pumpkii policy clauses` lists both")
    }
    let roster = try await ownedRoster()
    let document = try await document(roster)?.body
    let permissions = Permissions(
      document, hash: roster.policy.hash, version: roster.policy.version, narrowed: roster.narrowed)
    var facts = Facts(
      terms: .accepted, owner: permissions.judged(document), zone: rules(permissions.zone), clock: .trusted)
    if let other, let id = try? AccountID(hex: other) {
      facts.grant =
        roster.owners.contains(id)
        ? .owner
        : GrantFacts(
          media: roster.rights(of: id, now: time).classes.map(\.name), control: roster.mayControl(id, now: time),
          until: roster.end(of: id, now: time) ?? 0)
    }
    return requests.map { ExplainedDecision(assess($0, facts: facts, now: time)) }
  }

  /// Sets flags and leaves the others as they are; the camera takes it as a whole or not at all.
  /// - Parameters:
  ///   - changes: flag to allow or deny.
  ///   - waiting: how long to wait for the camera.
  /// - Throws: ``ClientError``: `client-usage` for an unknown flag, `client-refused` with the camera's reason.
  public func setPermissions(
    _ changes: [String: Bool], waiting: Duration = .seconds(20)
  ) async throws(ClientError) -> (permissions: Permissions, confirmation: Confirmation) {
    for flag in changes.keys where Flag(rawValue: flag) == nil {
      throw ClientError(
        .usage, "there is no flag \(flag)", advice: "the flags are \(Self.permissionFlags.joined(separator: ", "))")
    }
    return try await set(waiting: waiting) { $0.merge(changes) { $1 } }
  }

  /// Denies one flag at once, whatever else is on its way. Owners may, and guests whose share includes control.
  /// - Throws: ``ClientError``: `client-usage` for an unknown flag, `client-refused` with the camera's reason.
  public func narrow(_ flag: String, waiting: Duration = .seconds(20)) async throws(ClientError) -> Confirmation {
    guard Flag(rawValue: flag) != nil else {
      throw ClientError(
        .usage, "there is no flag \(flag)", advice: "the flags are \(Self.permissionFlags.joined(separator: ", "))")
    }
    return try await submit(.narrow(flag: flag), waiting: waiting, byOwner: false).confirmation
  }

  /// Denies everything until ``resume(waiting:)``; the flags stay what they are.
  /// - Throws: ``ClientError``, `client-refused` with the camera's reason.
  public func pause(waiting: Duration = .seconds(20)) async throws(ClientError) -> Confirmation {
    try await set(waiting: waiting, conditions: { $0.isPaused = true }).confirmation
  }

  /// Ends a pause: what was allowed before it is allowed again, and nothing else.
  /// - Throws: ``ClientError``, `client-refused` with the camera's reason.
  public func resume(waiting: Duration = .seconds(20)) async throws(ClientError) -> Confirmation {
    try await set(waiting: waiting, conditions: { $0.isPaused = false }).confirmation
  }

  /// Sets the times at which flags hold; a flag that no window names holds at all times. No windows end the schedule.
  /// - Throws: ``ClientError``: `client-usage` for a window that is none, `client-refused` with the camera's reason.
  public func setSchedule(
    _ windows: [Permissions.Window], zone: String, waiting: Duration = .seconds(20)
  ) async throws(ClientError) -> Confirmation {
    for window in windows { try window.check() }
    guard windows.isEmpty || !zone.isEmpty else {
      throw ClientError(.usage, "a schedule needs a zone", advice: "name one, as Europe/Berlin")
    }
    return try await set(
      waiting: waiting,
      conditions: { conditions in
        conditions.windows = windows.map(\.onTheWire)
        conditions.zone = windows.isEmpty ? "" : zone
      }
    ).confirmation
  }

  /// Confirms the camera or microphone with this fingerprint (64 hexadecimal digits, `pumpkii devices` on the board): from
  /// now on another one in its place is denied.
  /// - Throws: ``ClientError``: `client-usage` for a fingerprint that is none, `client-refused` with the camera's reason.
  public func confirm(
    _ sensor: Permissions.Sensor, fingerprint: String, waiting: Duration = .seconds(20)
  ) async throws(ClientError) -> Confirmation {
    guard let digest = try? Digest(hex: fingerprint) else {
      throw ClientError(
        .usage, "a fingerprint has 64 hexadecimal digits", advice: "copy it from `pumpkii devices` on the board")
    }
    return try await set(
      waiting: waiting,
      conditions: { conditions in
        conditions.devices.removeAll { $0.sensor == sensor.number }
        conditions.devices.append(PolicyConditions.Device(sensor: sensor.number, fingerprint: digest))
        conditions.devices.sort { $0.sensor < $1.sensor }
      }
    ).confirmation
  }

  /// Makes the next document of what holds now and `change`, gives it to the camera and waits.
  private func set(
    waiting: Duration, flags change: (inout [String: Bool]) -> Void = { _ in },
    conditions: (inout PolicyConditions) -> Void = { _ in }
  ) async throws(ClientError) -> (permissions: Permissions, confirmation: Confirmation) {
    let roster = try await ownedRoster()
    let before = try await present(roster)
    var flags = Dictionary(uniqueKeysWithValues: Self.permissionFlags.map { ($0, before.permissions.allows($0)) })
    change(&flags)
    var narrowing = before.conditions
    conditions(&narrowing)
    let signed = try make(before.permissions.version, flags, narrowing, roster)
    let bytes = signed.bytes
    try await give(.put, "policy", bytes, until: .now + waiting)
    try keep(bytes)
    try account.remember(id()) { $0.policyVersion = signed.body.version }
    let change = RosterOperation.Change.setPolicy(version: signed.body.version, hash: Hashes.sha256(bytes))
    let done = try await submit(change, waiting: waiting)
    return (Permissions(signed.body, hash: Hashes.sha256(bytes), narrowed: []), done.confirmation)
  }

  /// What holds now; when nobody has the document any more, nothing does, and it is set anew from there.
  private func present(
    _ roster: Roster
  ) async throws(ClientError) -> (permissions: Permissions, conditions: PolicyConditions) {
    do throws(ClientError) {
      let document = try await document(roster)
      return (Permissions(document, roster), document?.body.conditions ?? PolicyConditions())
    } catch {
      guard error.code == .rolledBack else { throw error }
      return (Permissions(nil, roster), PolicyConditions())
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
  private func document(_ roster: Roster) async throws(ClientError) -> Signed<PolicyDocument>? {
    guard roster.policy.version > 0 else { return nil }
    let path = "/v1/cameras/\(device)/policy"
    let offered = try await account.ask { () async throws(TransportError) -> [UInt8] in
      do throws(TransportError) { return try await account.connection.get(path) } catch {
        if error.status == 404 { return [] }
        throw error
      }
    }
    let file = try account.files.policy(id())
    let stored = [try account.files.read(file), try account.files.read(file + ".before")].compactMap { $0 }
    for bytes in [offered] + stored where Hashes.sha256(bytes) == roster.policy.hash {
      let chain = try await signerChain(bytes)
      return try ClientError.translating {
        try PolicyCheck.verify(bytes, roster: roster) { $0 == chain.id ? chain : nil }
      }
    }
    throw ClientError(
      .rolledBack, "nobody has the policy document that the camera goes by",
      advice: "set the flags anew; until then the camera keeps the last one")
  }

  /// Beside the one before it, which holds until the camera has answered.
  private func keep(_ bytes: [UInt8]) throws(ClientError) {
    let file = try account.files.policy(id())
    if let before = try account.files.read(file) { try account.files.write(before, to: file + ".before") }
    try account.files.write(bytes, to: file)
  }

  private func signerChain(_ bytes: [UInt8]) async throws(ClientError) -> AccountChain {
    let signer = try Signed<PolicyDocument>.decode(bytes).body.account
    return signer == account.accountID ? account.chain : try await account.fetchChain(of: signer)
  }
}

extension Signed {
  /// - Throws: ``ClientError`` with the wire's code.
  static func decode(_ bytes: [UInt8]) throws(ClientError) -> Signed<Body> {
    try ClientError.translating { try Signed<Body>(decoding: bytes) }
  }
}
