internal import PumpkiiClient
internal import PumpkiiSystem

/// What `pumpkii watch` does with what opens: film, photos, ledger, live line, counts.
struct Viewer: Sendable {
  struct Parts: Sendable {
    var movie: MovieWriter?
    /// A folder.
    var photos: String?
    var ledger: LedgerWriter?
    var line: LiveLine?
  }

  private(set) var summary = WatchSummary()
  private var parts: Parts
  private var assembler = PhotoAssembler()
  private var flushed: UInt64 = 0

  init(parts: Parts) throws {
    self.parts = parts
    if let folder = parts.photos { try DurableFile.makeFolder(folder) }
  }

  /// Follows a camera to the end, whatever ends it, and closes the files.
  /// - Returns: why it ended, nil for Ctrl-C, for the time that was asked for and for a player that was closed.
  mutating func follow(_ watch: Watch) async -> (any Error)? {
    var failure: (any Error)?
    do {
      for try await event in watch { try take(event) }
    } catch let error as ClientError where error.code == .cancelled || error.code == .readerGone {
      failure = nil
    } catch {
      failure = error
    }
    if let error = failure as? ClientError, error.code == .cut {
      parts.ledger?.record("cut", ["t": .count(Clocks.unixMicroseconds())])
      summary.isCut = true
    }
    parts.line?.end()
    parts.ledger?.flush()
    do throws(ClientError) { try parts.movie?.finish() } catch {
      parts.movie?.discard()
      if error.code != .readerGone { failure = failure ?? error }
    }
    summary.movieBytes = parts.movie?.byteCount ?? 0
    return failure
  }

  private mutating func take(_ event: WatchEvent) throws {
    let now = Clocks.unixMicroseconds()
    summary.count(event)
    switch event {
    case .opened(let media):
      note(media)
      try parts.movie?.take(media)
      if let photo = assembler.take(media) { try keep(photo) }
    case .epoch(let number, let classes):
      parts.ledger?.record("epoch", ["epoch": .count(UInt64(number)), "t": .count(now)])
      try parts.movie?.expect(classes)
    case .missing(let segment, let index, let count):
      parts.ledger?.record(
        "missing", ["kid": .text(Self.hex(segment)), "index": .count(UInt64(index)), "count": .count(UInt64(count))])
    case .state(let state): note(state)
    case .disconnected(let reason, _): parts.line?.say("lost the connection: \(reason.message)")
    case .refused(let code, let segment, _):
      parts.line?.say("refused \(segment.map { Self.hex($0) } ?? "a key message"): \(code)")
    default: break
    }
    parts.line?.show(summary, now: now)
    guard now > flushed + 1_000_000 else { return }
    flushed = now
    parts.ledger?.flush()
  }

  private func note(_ media: OpenedMedia) {
    parts.ledger?.record(
      "opened",
      [
        "kid": .text(Self.hex(media.segment)), "index": .count(UInt64(media.index)),
        "class": .text(media.kind.rawValue), "capture_us": .count(media.captureTime), "t": .count(media.openedAt),
        "kind": .text(media.content.word),
      ])
  }

  private mutating func note(_ state: CameraState) {
    parts.ledger?.record(
      "state",
      [
        "picture": .text(state.picture.code), "sound": .text(state.sound.code), "t": .count(Clocks.unixMicroseconds()),
      ])
    parts.line?.tell(state)
  }

  private mutating func keep(_ photo: Photo) throws {
    summary.photos += 1
    guard let folder = parts.photos else { return }
    try DurableFile.write(photo.jpeg, to: "\(folder)/\(photo.captureTime).jpg")
  }

  static func hex(_ segment: UInt64) -> String {
    let digits = String(segment, radix: 16)
    return "0x" + String(repeating: "0", count: 16 - digits.count) + digits
  }
}

extension OpenedMedia.Content {
  /// The kind as ledgers have it.
  var word: String {
    switch self {
    case .initialization: "init"
    case .chunk: "chunk"
    case .picture: "jpeg"
    case .picturePart: "jpeg-part"
    case .segmentEnd: "end"
    case .notice: "event"
    }
  }
}
