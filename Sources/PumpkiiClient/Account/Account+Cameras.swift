internal import FoundationEssentials
internal import PumpkiiChain
internal import PumpkiiSystem
internal import PumpkiiTransport
internal import PumpkiiWire

/// A camera as an account sees it.
public struct CameraSummary: Sendable, Codable, Equatable {
  /// The device id, 32 hexadecimal digits.
  public let device: String
  /// What this account calls it.
  public let name: String
  /// Whether this account owns it.
  public let isOwned: Bool
  /// What this account has a right to.
  public let classes: [MediaKind]
  /// Whether the relay hears from it; nil when the relay does not say.
  public let isOnline: Bool?
  /// What it said of itself last; nil when it said nothing since the relay started, or nothing that verifies. Signed,
  /// not proven fresh.
  public let state: ReportedState?
  /// Whether it was paired by a code that both sides saw. A camera that another account shares is only as sure as the
  /// way by which you learnt that account's id.
  public let isPaired: Bool
  /// The first owner's account.
  public let owner: String

  private enum CodingKeys: String, CodingKey {
    case device, name, classes, owner, state
    case isOwned = "owned"
    case isOnline = "online"
    case isPaired = "paired"
  }
}

extension Account {
  private struct Listing: Decodable {
    struct Camera: Decodable {
      var device: String
      var owner: Bool?
      var classes: [String]?
      var online: Bool?
    }
    var cameras: [Camera]
  }

  /// The cameras that this account may use, by name. Each roster is verified before its camera is listed.
  /// - Throws: ``ClientError``.
  public func cameras() async throws(ClientError) -> [CameraSummary] {
    var summaries: [CameraSummary] = []
    for listed in try await listing() {
      guard let device = try? DeviceID(hex: listed.device) else { continue }
      let roster = try await syncRoster(device)
      let record = try known(device)
      let isVouched = try isVouched(for: roster)
      summaries.append(
        CameraSummary(
          device: device.hex, name: record?.name ?? device.hex, isOwned: isVouched && roster.owners.contains(accountID),
          classes: roster.rights(of: accountID, now: Clocks.unixMicroseconds()).kinds, isOnline: listed.online,
          state: try? await reportedState(device, key: roster.deviceKey),
          isPaired: record?.isPaired ?? false, owner: roster.owners.first?.hex ?? ""))
    }
    return summaries.sorted { ($0.name, $0.device) < ($1.name, $1.device) }
  }

  /// The camera of this name, id or beginning of an id; without one, the only camera there is.
  /// - Throws: ``ClientError``: `client-no-camera` when none or several fit.
  public func camera(_ wanted: String? = nil) async throws(ClientError) -> CameraLink {
    if let found = try find(wanted) { return CameraLink(account: self, record: found) }
    // A camera that somebody shared since is known to the relay first.
    for listed in try await listing() {
      if let device = try? DeviceID(hex: listed.device) { _ = try await syncRoster(device) }
    }
    if let found = try find(wanted) { return CameraLink(account: self, record: found) }
    let names = try knownCameras().map(\.name)
    let advice =
      names.isEmpty
      ? "pair a camera, or ask its owner to share it with \(id)" : "known: \(names.joined(separator: ", "))"
    guard let wanted else {
      throw ClientError(.noCamera, names.isEmpty ? "no camera is known" : "there are several cameras", advice: advice)
    }
    throw ClientError(.noCamera, "no camera is called \(wanted)", advice: advice)
  }

  /// Nil when none fits, or when several do and nothing tells which.
  private func find(_ wanted: String?) throws(ClientError) -> CameraRecord? {
    let all = try knownCameras()
    guard let wanted else { return all.count == 1 ? all.first : nil }
    if let exact = all.first(where: { $0.name == wanted || $0.device == wanted.lowercased() }) { return exact }
    let starting = all.filter { wanted.utf8.count >= 4 && $0.device.hasPrefix(wanted.lowercased()) }
    return starting.count == 1 ? starting.first : nil
  }

  private func listing() async throws(ClientError) -> [Listing.Camera] {
    let bytes = try await ask { () async throws(TransportError) in try await connection.get("/v1/cameras") }
    guard let listing = try? JSONDecoder().decode(Listing.self, from: Data(bytes)) else {
      throw ClientError(Code.malformed, "the relay's list of cameras is not what the protocol says")
    }
    return listing.cameras
  }

  private typealias Code = ClientError.Code

  /// Whether a camera's claim on this account is more than its own word. A genesis is signed by the camera alone, so
  /// any can name anybody as its owner; it counts when it was paired here, or when a client of this account has changed
  /// its roster since.
  /// - Throws: ``ClientError`` `client-home`.
  func isVouched(for roster: Roster) throws(ClientError) -> Bool {
    guard let genesis = try? Signed<RosterGenesis>(decoding: roster.entries[0]).body, genesis.owner == accountID else {
      return true
    }
    if try known(roster.device)?.isPaired == true { return true }
    return roster.entries.dropFirst().contains {
      (try? Signed<RosterOperation>(decoding: $0).body.account) == accountID
    }
  }

  /// What is remembered of all cameras, by name.
  /// - Throws: ``ClientError`` `client-home`.
  func knownCameras() throws(ClientError) -> [CameraRecord] {
    let names = try ClientError.translating { try DurableFile.list(files.cameras) }
    var records: [CameraRecord] = []
    for name in names {
      guard let device = try? DeviceID(hex: name), let record = try known(device) else { continue }
      records.append(record)
    }
    return records.sorted { $0.name < $1.name }
  }

  /// - Throws: ``ClientError`` `client-home`.
  func known(_ device: DeviceID) throws(ClientError) -> CameraRecord? {
    try files.readRecord(CameraRecord.self, files.camera(device))
  }

  /// Changes what is remembered of a camera. Another program may have written meanwhile, so numbers only rise.
  /// - Throws: ``ClientError`` `client-home`.
  func remember(_ device: DeviceID, _ change: (inout CameraRecord) -> Void) throws(ClientError) {
    let before = try known(device)
    var record =
      before
      ?? CameraRecord(
        device: device.hex, name: "camera-\(device.hex.prefix(6))", owner: "", added: Clocks.unixMicroseconds())
    change(&record)
    let merged = before?.merged(with: record) ?? record
    guard merged != before else { return }
    try ClientError.translating { try DurableFile.makeFolder("\(files.cameras)/\(device.hex)") }
    try files.writeRecord(merged, to: files.camera(device))
  }
}

extension ClientError.Code {
  static let malformed = ClientError.Code(rawValue: "relay-malformed")
}
