internal import Hummingbird
internal import NIOCore
internal import PumpkiiWire

/// `/v1/cameras/{device}/nonces` and `/beacon`.
struct BeaconRoutes {
  let desk: Desk

  func add(to book: inout RouteBook) {
    book.on(.post, "/v1/cameras/:device/nonces", postNonce)
    book.on(.put, "/v1/cameras/:device/beacon", putBeacon)
    book.on(.get, "/v1/cameras/:device/beacon", beacon)
  }

  /// Only who has a line in the room may ask: its rights were checked there, and are as long as it lasts.
  @Sendable
  private func postNonce(_ request: Request, _ context: RelayContext) async throws -> Response {
    let client = try desk.client(request, context).client
    let device: DeviceID = try context.identifier("device")
    let nonce = try Nonce(await desk.reading.bytes(request, limit: Nonce.byteCount))
    let key = "nonce \(client.hex) \(device.hex)"
    if let wait = desk.relay.limiter.take(key, desk.relay.configuration.limits.nonces) {
      throw Problem.tooMany(retryAfter: wait)
    }
    guard desk.relay.live.take(nonce, device, of: client) else {
      throw Problem.conflict("not-watching", "this client has no line to the camera")
    }
    return Answers.empty
  }

  @Sendable
  private func putBeacon(_ request: Request, _ context: RelayContext) async throws -> Response {
    let device = try desk.device(request, context)
    let beacon = try LiveBeacon(await desk.reading.bytes(request, limit: WireLimits.chainEntryBytes), of: device)
    _ = try await desk.relay.camera(device)
    desk.relay.live.take(beacon, try await desk.relay.room(device))
    return Answers.empty
  }

  @Sendable
  private func beacon(_ request: Request, _ context: RelayContext) async throws -> Response {
    let client = try desk.client(request, context)
    let device: DeviceID = try context.identifier("device")
    let rights = try await desk.relay.camera(device).rights(of: client.account, now: Relay.now)
    guard rights.isOwner || !rights.classes.isEmpty else { throw Relay.noRights }
    guard let beacon = desk.relay.live.beacon(device) else {
      throw Problem.unknown("beacon-none", "the camera has said nothing since the relay started")
    }
    return Answers.octets(Array(beacon.item.readableBytesView))
  }
}
