internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import PumpkiiChain
internal import PumpkiiSystem
internal import PumpkiiWire

/// `/v1/cameras/{device}/clips`.
struct ClipRoutes {
  private struct ClipAnswer: Encodable {
    let number: UInt64
    let bytes: Int
    let storedMicroseconds: UInt64
    let sha256: String
    let classes: [String]
    enum CodingKeys: String, CodingKey {
      case number, bytes, sha256, classes
      case storedMicroseconds = "stored_us"
    }

    init(_ clip: Tables.Clip, _ classes: ClassMask) {
      number = clip.number
      bytes = clip.bytes
      storedMicroseconds = clip.stored
      sha256 = clip.hash.hex
      self.classes = clip.classes.intersection(classes).classes.map(\.name)
    }
  }

  private struct StoredAnswer: Encodable {
    let clip: ClipAnswer
    let removed: [UInt64]
  }

  private struct GoneAnswer: Encodable {
    let number: UInt64
    let reason: String
  }

  private struct ClipsAnswer: Encodable {
    let clips: [ClipAnswer]
    let gone: [GoneAnswer]
  }

  /// Who reads: the device itself, or a client with rights that may end while it reads.
  private struct Reader {
    let client: ClientIdentity?
    let rights: LiveRoom.Rights
  }

  private static let octets = "application/octet-stream"

  let desk: Desk

  func add(to book: inout RouteBook) {
    book.on(.get, "/v1/cameras/:device/clips", clips)
    book.on(.put, "/v1/cameras/:device/clips/:number", putClip)
    book.on(.get, "/v1/cameras/:device/clips/:number", clip)
    book.on(.delete, "/v1/cameras/:device/clips/:number", deleteClip)
  }

  @Sendable
  private func clips(_ request: Request, _ context: RelayContext) async throws -> Response {
    let device: DeviceID = try context.identifier("device")
    let reader = try await reader(request, context, device)
    let (clips, gone) = try await desk.relay.store.read { (try $0.clips(device), try $0.goneClips(device)) }
    let seen = clips.filter { reader.rights.isOwner || !$0.classes.isDisjoint(with: reader.rights.classes) }
    return try Answers.json(
      ClipsAnswer(
        clips: seen.map { ClipAnswer($0, reader.rights.classes) },
        gone: !reader.rights.isOwner ? [] : gone.map { GoneAnswer(number: $0.number, reason: $0.reason.rawValue) }))
  }

  @Sendable
  private func putClip(_ request: Request, _ context: RelayContext) async throws -> Response {
    let (relay, device) = (desk.relay, try desk.device(request, context))
    let number = try number(context)
    let key = try await relay.camera(device).roster.deviceKey
    let limits = relay.configuration.limits
    // A body whose end is not known could be cut between two items and pass for a whole.
    guard let announced = request.headers[.contentLength].flatMap({ Int($0) }), announced >= 0 else {
      throw Problem(.lengthRequired, "clip-length", "a clip is sent with its length")
    }
    guard announced <= limits.clipBytes else { throw Problem.tooLarge }
    let outcome = try await relay.clips.take(number, of: device, announced: announced) { writer in
      var intake = ClipIntake(device: device, key: key, number: number, objectBytes: limits.objectBytes)
      var chunks = request.body.makeAsyncIterator()
      while let chunk = try await Self.next(&chunks) {
        try intake.take(chunk.readableBytesView)
        try await writer.append(chunk.readableBytesView)
      }
      let summary = try intake.finish()
      guard summary.bytes == announced else { throw Problem.bad("clip-items", "the clip is not whole") }
      return summary
    }
    if outcome.isNew { try await tell(device, outcome.clip) }
    let answer = StoredAnswer(clip: ClipAnswer(outcome.clip, .all), removed: outcome.removed)
    return try Answers.json(answer, status: outcome.isNew ? .created : .ok)
  }

  /// A line that breaks is no fault of the relay's.
  private static func next(_ chunks: inout RequestBody.AsyncIterator) async throws -> ByteBuffer? {
    do {
      return try await chunks.next()
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      throw Problem.bad("clip-items", "the clip is not whole")
    }
  }

  /// A hint to everybody who may see something of it.
  private func tell(_ device: DeviceID, _ clip: Tables.Clip) async throws {
    let (camera, now) = (try await desk.relay.camera(device), Relay.now)
    let listed = camera.listed.filter { account, _ in
      !camera.recordings(of: account, now: now).classes.isDisjoint(with: clip.classes)
    }
    desk.relay.hints.tell(.clip, .clip(device, clip.number), of: device, to: listed)
  }

  @Sendable
  private func deleteClip(_ request: Request, _ context: RelayContext) async throws -> Response {
    let device: DeviceID = try context.identifier("device")
    guard try await reader(request, context, device).rights.isOwner else { throw Relay.noRights }
    try await desk.relay.clips.delete(number(context), of: device)
    return Answers.empty
  }

  @Sendable
  private func clip(_ request: Request, _ context: RelayContext) async throws -> Response {
    let device: DeviceID = try context.identifier("device")
    let reader = try await reader(request, context, device)
    let number = try number(context)
    let clip = try await desk.relay.store.read { try $0.clip(device, number) }
    guard let clip, reader.rights.isOwner || !clip.classes.isDisjoint(with: reader.rights.classes),
      let file = try await desk.relay.clips.blobs.open(clip.blob)
    else {
      let gone = try await desk.relay.store.read { try $0.goneClip(device, number) }
      throw gone == nil ? Problem.unknown("clip-unknown", "no clip of this number is stored") : ClipShelf.gone
    }
    if let client = reader.client { try await desk.relay.accept(device, client.account) }
    return reader.rights.isOwner
      ? whole(request, clip, file, device, reader) : part(file, device, reader)
  }

  /// An owner's or the device's: the exact bytes, or a range of them.
  private func whole(
    _ request: Request, _ clip: Tables.Clip, _ file: ReadableFile, _ device: DeviceID, _ reader: Reader
  ) -> Response {
    let tag = "\"\(clip.hash.hex)\""
    let isOther = request.headers[.ifRange].map { $0 != tag } ?? false
    let range = isOther ? ByteRange.whole : ByteRange(request.headers[.range], count: file.count)
    var headers: HTTPFields = [
      .contentType: Self.octets, .cacheControl: "no-store", .acceptRanges: "bytes", .eTag: tag,
    ]
    switch range {
    case .whole: return response(.ok, headers, file, 0..<file.count, device, reader)
    case .part(let part):
      headers[.contentRange] = "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(file.count)"
      return response(.partialContent, headers, file, part, device, reader)
    case .unsatisfiable:
      var problem = Problem(.rangeNotSatisfiable, "clip-range", "the clip has nothing in this range").response
      problem.headers[.contentRange] = "bytes */\(file.count)"
      return problem
    }
  }

  private func response(
    _ status: HTTPResponse.Status, _ headers: HTTPFields, _ file: ReadableFile, _ range: Range<Int>,
    _ device: DeviceID, _ reader: Reader
  ) -> Response {
    let body = ResponseBody(contentLength: range.count) { [self] writer in
      try await pieces(file, range, device, reader) { piece, _ in
        try await writer.write(ByteBuffer(bytes: piece))
        return true
      }
      try await writer.finish(nil)
    }
    return Response(status: status, headers: headers, body: body)
  }

  /// A guest's part; how long it is nobody knows before it is read.
  private func part(_ file: ReadableFile, _ device: DeviceID, _ reader: Reader) -> Response {
    let body = ResponseBody { [self] writer in
      guard let client = reader.client else { return try await writer.finish(nil) }
      var filter = ClipFilter(client: client.client, classes: reader.rights.classes)
      try await pieces(file, 0..<file.count, device, reader) { piece, rights in
        guard rights.classes.isSuperset(of: reader.rights.classes) else { return false }
        let own = try filter.take(piece)
        if !own.isEmpty { try await writer.write(ByteBuffer(bytes: own)) }
        return true
      }
      try await writer.finish(nil)
    }
    return Response(status: .ok, headers: [.contentType: Self.octets, .cacheControl: "no-store"], body: body)
  }

  /// Reads piece by piece for as long as the reader's right stands; when it ends, so does the connection.
  private func pieces(
    _ file: ReadableFile, _ range: Range<Int>, _ device: DeviceID, _ reader: Reader,
    _ write: (_ piece: [UInt8], _ rights: LiveRoom.Rights) async throws -> Bool
  ) async throws {
    var at = range.lowerBound
    while at < range.upperBound {
      let rights = try await rights(of: reader, device)
      guard rights.isOwner || !reader.rights.isOwner else { throw Relay.noRights }
      let piece = try await BlobStore.piece(file, at: at, limit: range.upperBound - at)
      guard !piece.isEmpty, try await write(piece, rights) else { throw Relay.noRights }
      at += piece.count
    }
  }

  /// What a reader may see now.
  private func rights(of reader: Reader, _ device: DeviceID) async throws -> LiveRoom.Rights {
    guard let client = reader.client else { return reader.rights }
    guard try await desk.relay.chain(client.account)?.clients[client.client] != nil else { throw Relay.noRights }
    return try await desk.relay.camera(device).recordings(of: client.account, now: Relay.now)
  }

  private func reader(_ request: Request, _ context: RelayContext, _ device: DeviceID) async throws -> Reader {
    let identity = try desk.identity(request, context)
    let camera = try await desk.relay.camera(device)
    switch identity {
    case .device(device, _): return Reader(client: nil, rights: LiveRoom.Rights(classes: .all, isOwner: true))
    case .client(let client, let account, let key):
      let rights = camera.recordings(of: account, now: Relay.now)
      guard rights.isOwner || !rights.classes.isEmpty else { throw Self.noRecordings }
      let identity = ClientIdentity(client: client, account: account, key: key)
      return Reader(client: identity, rights: rights)
    default: throw Relay.noRights
    }
  }

  private func number(_ context: RelayContext) throws(Problem) -> UInt64 {
    try context.number("number", upTo: UInt64(Int64.max))
  }

  private static let noRecordings = Problem.forbidden(
    "camera-no-recordings", "this account has no right to this camera's recordings")
}
