internal import PumpkiiChain
internal import PumpkiiPolicy
internal import PumpkiiSystem
internal import PumpkiiTransport
internal import PumpkiiVault
internal import PumpkiiWire

/// What an owner allows a camera. A flag that is not named is denied.
public struct Permissions: Sendable, Codable, Equatable {
  /// The document's version; 0 before the first.
  public let version: UInt64
  /// The document's hash; empty before the first.
  public let hash: String
  /// Flag to allowed, every flag of this version of the program.
  public let flags: [String: Bool]
  /// Flags denied on the spot since the document was set.
  public let narrowed: [String]

  /// What holds: allowed by the document and not narrowed since.
  public func allows(_ flag: String) -> Bool { flags[flag] == true && !narrowed.contains(flag) }
}

extension CameraLink {
  /// The flags that exist.
  public static var permissionFlags: [String] { Flag.allCases.map(\.rawValue) }

  /// The policy document that the camera goes by, verified.
  /// - Throws: ``ClientError``: `client-rolled-back` when the relay has another one than the roster names.
  public func permissions() async throws(ClientError) -> Permissions {
    let roster = try await ownedRoster()
    return Permissions(try await document(roster), roster)
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
    let roster = try await ownedRoster()
    let before = try await present(roster)
    let signed = try make(before, changes, roster)
    let bytes = signed.bytes
    try await give(.put, "policy", bytes, until: .now + waiting)
    try keep(bytes)
    try account.remember(id()) { $0.policyVersion = signed.body.version }
    let change = RosterOperation.Change.setPolicy(version: signed.body.version, hash: Hashes.sha256(bytes))
    let done = try await submit(change, waiting: waiting)
    let after = Permissions(
      version: signed.body.version, hash: Hashes.sha256(bytes).hex,
      flags: Dictionary(signed.body.settings.map { ($0.flag, $0.allow) }) { $1 }, narrowed: [])
    return (after, done.confirmation)
  }

  /// What holds now; when nobody has the document any more, nothing does, and it is set anew from there.
  private func present(_ roster: Roster) async throws(ClientError) -> Permissions {
    do throws(ClientError) {
      return Permissions(try await document(roster), roster)
    } catch {
      guard error.code == .rolledBack else { throw error }
      return Permissions(nil, roster)
    }
  }

  /// The next document: what holds now, with the changes. Above every version seen, so that an attempt that the camera
  /// never answered cannot stand in its way.
  private func make(
    _ before: Permissions, _ changes: [String: Bool], _ roster: Roster
  ) throws(ClientError) -> Signed<PolicyDocument> {
    let settings = Flag.allCases.map(\.rawValue).map {
      PolicyDocument.Setting(flag: $0, allow: changes[$0] ?? before.allows($0))
    }
    let remembered = try account.known(id())?.policyVersion ?? 0
    let last = max(before.version, remembered, roster.policy.version)
    guard last < WireLimits.policyVersions - 1 else {
      throw ClientError(.refused, "the camera's permissions cannot be set any more", advice: "reset the camera")
    }
    let document = PolicyDocument(
      device: try id(), version: last + 1,
      time: Clocks.unixMicroseconds(), account: account.accountID, client: account.client, settings: settings)
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

extension Permissions {
  init(_ document: Signed<PolicyDocument>?, _ roster: Roster) {
    version = roster.policy.version
    hash = version == 0 ? "" : roster.policy.hash.hex
    let settings = document?.body.settings ?? []
    let allowed = Set(settings.filter(\.allow).map(\.flag))
    flags = Dictionary(uniqueKeysWithValues: Flag.allCases.map { ($0.rawValue, allowed.contains($0.rawValue)) })
    narrowed = roster.narrowed.sorted()
  }
}

extension Signed {
  /// - Throws: ``ClientError`` with the wire's code.
  static func decode(_ bytes: [UInt8]) throws(ClientError) -> Signed<Body> {
    try ClientError.translating { try Signed<Body>(decoding: bytes) }
  }
}
