internal import Hummingbird
internal import NIOCore
internal import PumpkiiChain
internal import PumpkiiWire

/// `/v1/cameras/{device}/keys` and `/live`.
struct LiveRoutes {
  private static let items = "application/octet-stream"

  private struct EpochAnswer: Encodable {
    let epoch: UInt32
  }

  let desk: Desk

  func add(to book: inout RouteBook) {
    book.on(.put, "/v1/cameras/:device/keys/:epoch", putKeys)
    book.on(.get, "/v1/cameras/:device/keys/newest", newestKeys)
    book.on(.get, "/v1/cameras/:device/keys/:epoch", keys)
    book.on(.post, "/v1/cameras/:device/live", publish)
    book.on(.get, "/v1/cameras/:device/live", watch)
  }

  @Sendable
  private func putKeys(_ request: Request, _ context: RelayContext) async throws -> Response {
    let device = try desk.device(request, context)
    let epoch = try context.number("epoch")
    let message = try KeyMessageAssembler.decode(await desk.reading.bytes(request, limit: desk.bodyLimit))
    guard try Signed<KeyHead>(decoding: message.head).body.epoch == epoch else {
      throw Problem.bad("keys-epoch", "the head is of another epoch than the path")
    }
    _ = try await desk.relay.take(head: message.head, entries: message.entries, of: device)
    return try Answers.json(EpochAnswer(epoch: epoch))
  }

  @Sendable
  private func newestKeys(_ request: Request, _ context: RelayContext) async throws -> Response {
    try await answer(request, context) { try $0.newestKeys($1) }
  }

  @Sendable
  private func keys(_ request: Request, _ context: RelayContext) async throws -> Response {
    let epoch = try context.number("epoch")
    return try await answer(request, context) { try $0.keys($1, epoch: epoch) }
  }

  /// The device and owners read everything; a guest reads the head and its own client's entries, also when its grant
  /// has ended since: what it received stays readable.
  private func answer(
    _ request: Request, _ context: RelayContext,
    _ find: @escaping @Sendable (Tables, DeviceID) throws -> Tables.KeyMessage?
  ) async throws -> Response {
    let device: DeviceID = try context.identifier("device")
    let identity = try desk.identity(request, context)
    let camera = try await desk.relay.camera(device)
    guard let message = try await desk.relay.store.read({ try find($0, device) }) else {
      throw Problem.unknown("keys-none", "no key message of this epoch is stored")
    }
    let keys = try Relay.live(message)
    var items: [ByteBuffer]
    switch identity {
    case .device(device, _):
      items = [keys.head] + keys.entries.map(\.item)
    case .client(let client, let account, _):
      let isOwner = camera.owns(account)
      guard isOwner || keys.has(client) || !camera.rights(of: account, now: Relay.now).classes.isEmpty else {
        throw Relay.noRights
      }
      items = keys.items(for: client, isOwner: isOwner)
    default: throw Relay.noRights
    }
    return Answers.octets(items.flatMap { Array($0.readableBytesView) })
  }

  @Sendable
  private func publish(_ request: Request, _ context: RelayContext) async throws -> Response {
    let relay = desk.relay
    let device = try desk.device(request, context)
    _ = try await relay.camera(device)
    let box = try await relay.room(device)
    return LongResponse.response(to: request, context, type: Self.items) { response, body, writer in
      try await Uplink(relay, device, box, response).run(body, &writer)
    }
  }

  @Sendable
  private func watch(_ request: Request, _ context: RelayContext) async throws -> Response {
    let relay = desk.relay
    let client = try desk.client(request, context)
    let device: DeviceID = try context.identifier("device")
    let wanted = try classes(request)
    let rights = try await relay.camera(device).rights(of: client.account, now: Relay.now)
    guard !rights.classes.isDisjoint(with: wanted) else { throw Relay.noRights }
    let box = try await relay.room(device)
    try await relay.accept(device, client.account)
    guard !relay.live.isFull(device) else { throw Problem.tooMany(retryAfter: 10) }
    return LongResponse.response(to: request, context, type: Self.items) { response, _, writer in
      // Asked anew: between the check and here the right may have gone.
      let rights = try await relay.camera(device).rights(of: client.account, now: Relay.now)
      let viewer = LiveHub.Viewer(client: client.client, account: client.account, response: response)
      let id = relay.live.join(box, viewer, rights: rights, wanted: wanted)
      defer { relay.live.leave(box, id) }
      repeat {
        while let batch = relay.live.next(box, id) {
          try await writer.write(contentsOf: batch.buffers)
          relay.live.wrote(batch, to: client.client)
        }
      } while await response.wait()
    }
  }

  /// `?classes=video,audio`; all when it is absent.
  private func classes(_ request: Request) throws(Problem) -> ClassMask {
    guard let text = request.uri.queryParameters["classes"] else { return .all }
    var mask = ClassMask()
    for name in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let media = MediaClass(name: name) else {
        throw .bad("bad-classes", "classes are video, audio, photo and event, with commas between them")
      }
      mask.insert(ClassMask(media))
    }
    return mask
  }
}
