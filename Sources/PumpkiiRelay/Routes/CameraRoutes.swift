internal import HTTPTypes
internal import Hummingbird
internal import PumpkiiChain
internal import PumpkiiWire

/// `/v1/cameras`: rosters, operations, policies, commands.
struct CameraRoutes {
  private struct CameraAnswer: Encodable {
    let device: String
    let owner: Bool
    let classes: [String]
    let online: Bool
  }

  private struct CamerasAnswer: Encodable {
    let cameras: [CameraAnswer]
  }

  private struct RosterAnswer: Encodable {
    let version: UInt64
    let hash: String
  }

  private struct HashAnswer: Encodable {
    let hash: String
  }

  let desk: Desk

  func add(to book: inout RouteBook) {
    book.on(.get, "/v1/cameras", cameras)
    book.on(.put, "/v1/cameras/:device/roster", putRoster)
    book.on(.get, "/v1/cameras/:device/roster", roster)
    book.on(.post, "/v1/cameras/:device/operations", putOperation)
    book.on(.get, "/v1/cameras/:device/operations", operations)
    book.on(.delete, "/v1/cameras/:device/operations/:hash", deleteOperation)
    book.on(.put, "/v1/cameras/:device/policy", putPolicy)
    book.on(.get, "/v1/cameras/:device/policy", policy)
    book.on(.post, "/v1/cameras/:device/commands", command)
  }

  @Sendable
  private func cameras(_ request: Request, _ context: RelayContext) async throws -> Response {
    let client = try desk.client(request, context)
    let devices = try await desk.relay.store.read { try $0.cameras(of: client.account) }
    var answers: [CameraAnswer] = []
    for device in devices {
      let camera = try await desk.relay.camera(device)
      let rights = camera.rights(of: client.account, now: Relay.now)
      guard rights.isOwner || !rights.classes.isEmpty else { continue }
      let isOnline = desk.relay.events.isOpen(device) || desk.relay.live.isPublishing(device)
      answers.append(
        CameraAnswer(
          device: device.hex, owner: rights.isOwner, classes: rights.classes.classes.map(\.name), online: isOnline))
    }
    return try Answers.json(CamerasAnswer(cameras: answers))
  }

  @Sendable
  private func putRoster(_ request: Request, _ context: RelayContext) async throws -> Response {
    let device = try desk.device(request, context)
    let entries = try await desk.reading.entries(request, limit: desk.bodyLimit)
    let roster = try await desk.relay.extend(device, with: entries) { try desk.admit(device, count: $0) }.roster
    return try Answers.json(RosterAnswer(version: roster.version, hash: roster.hash.hex))
  }

  @Sendable
  private func roster(_ request: Request, _ context: RelayContext) async throws -> Response {
    let camera = try await camera(request, context) { camera, account in
      let rights = camera.rights(of: account, now: Relay.now)
      return rights.isOwner || camera.effective.grants.values.contains { $0.account == account }
    }
    return Answers.entries(camera.roster.entries)
  }

  @Sendable
  private func putOperation(_ request: Request, _ context: RelayContext) async throws -> Response {
    let client = try desk.client(request, context)
    let device: DeviceID = try context.identifier("device")
    let bytes = try await desk.reading.bytes(request, limit: WireLimits.chainEntryBytes)
    let hash = try await desk.relay.queue(bytes, for: device, by: client)
    try await desk.relay.accept(device, client.account)
    return try Answers.json(HashAnswer(hash: hash.hex), status: .accepted)
  }

  @Sendable
  private func operations(_ request: Request, _ context: RelayContext) async throws -> Response {
    Answers.entries(try await desk.relay.camera(desk.device(request, context)).waiting)
  }

  @Sendable
  private func deleteOperation(_ request: Request, _ context: RelayContext) async throws -> Response {
    let device = try desk.device(request, context)
    try await desk.relay.remove(context.identifier("hash"), of: device)
    return Answers.empty
  }

  @Sendable
  private func putPolicy(_ request: Request, _ context: RelayContext) async throws -> Response {
    let device: DeviceID = try context.identifier("device")
    if case .device(device, _) = try desk.identity(request, context) {
      let bytes = try await desk.reading.bytes(request, limit: WireLimits.controlBytes)
      return try Answers.json(VersionAnswer(version: try await desk.relay.keepNamedPolicy(bytes, of: device)))
    }
    let client = try desk.client(request, context)
    let bytes = try await desk.reading.bytes(request, limit: WireLimits.controlBytes)
    let version = try await desk.relay.setPolicy(bytes, of: device, by: client)
    try await desk.relay.accept(device, client.account)
    return try Answers.json(VersionAnswer(version: version))
  }

  @Sendable
  private func policy(_ request: Request, _ context: RelayContext) async throws -> Response {
    let camera = try await camera(request, context) { $0.owns($1) }
    guard let policy = try await desk.relay.store.read({ try $0.policy(camera.roster.device) }) else {
      throw Problem.unknown("policy-none", "no policy of this camera is stored")
    }
    return Answers.octets(policy.bytes)
  }

  @Sendable
  private func command(_ request: Request, _ context: RelayContext) async throws -> Response {
    let client = try desk.client(request, context)
    let device: DeviceID = try context.identifier("device")
    let bytes = try await desk.reading.bytes(request, limit: WireLimits.chainEntryBytes)
    try await desk.relay.command(bytes, to: device, by: client)
    try await desk.relay.accept(device, client.account)
    return Response(status: .accepted, headers: [.cacheControl: "no-store"])
  }

  /// The camera of the path for itself, or for a client whose account `isAllowed`.
  private func camera(
    _ request: Request, _ context: RelayContext, _ isAllowed: (Camera, AccountID) -> Bool
  ) async throws -> Camera {
    let device: DeviceID = try context.identifier("device")
    let identity = try desk.identity(request, context)
    let camera = try await desk.relay.camera(device)
    switch identity {
    case .device(device, _): return camera
    case .client(_, let account, _) where isAllowed(camera, account): return camera
    default: throw Relay.noRights
    }
  }
}
