internal import PumpkiiMedia

/// Makes one playable film of what opens, in a file or on standard output.
///
/// The chunks are the camera's own; only their times are moved so that the film begins at zero with sound in step. A
/// file of the name is replaced by ``finish(replacing:)`` and not before, and never by a film of nothing.
public struct MovieWriter: Sendable {
  /// Standard output, for a player.
  public static let standardOutput = "-"
  /// Sound that has not shown itself after this much picture is taken for denied; µs of the camera's clock.
  private static let patience: UInt64 = 2_500_000

  /// Bytes written so far.
  public private(set) var byteCount = 0
  private let file: MovieFile
  private var assembler: MovieAssembler
  private var expected: Set<MediaKind>
  private var seen: Set<MediaKind> = []
  private var start: UInt64?
  /// Whether there is anything to play.
  private var isPlayable = false

  /// Begins a film. What is no file (a pipe, a device) gets it as it is made.
  /// - Parameters:
  ///   - path: the file, or ``standardOutput``.
  ///   - classes: what is watched; of these, picture and sound are in the film.
  /// - Throws: ``ClientError`` `client-home` where no file of this name can be written.
  public init(path: String, classes: Set<MediaKind>) throws(ClientError) {
    file = try MovieFile(path)
    expected = classes.intersection([.video, .audio])
    assembler = MovieAssembler(expecting: Set(expected.compactMap(\.track)))
  }

  /// Takes what opened; what is no picture or sound is passed over.
  /// - Throws: ``ClientError``: `client-media` when the camera's size or coding changed, `client-home` when it cannot
  ///   be written, `client-reader-gone` when whoever read standard output has closed it.
  public mutating func take(_ media: OpenedMedia) throws(ClientError) {
    guard let track = media.kind.track else { return }
    let part: MovieAssembler.Part
    switch media.content {
    case .initialization: part = .initialization
    case .chunk: part = .chunk
    default: return
    }
    seen.insert(media.kind)
    if media.content == .chunk { isPlayable = true }
    try write(ClientError.translating { try assembler.take(part, track: track, payload: media.payload) })
    let began = start ?? media.captureTime
    start = began
    if media.captureTime > began, media.captureTime - began > Self.patience { try give(up: expected.subtracting(seen)) }
  }

  /// What an epoch gives keys for: what it does not will not come.
  /// - Throws: ``ClientError``.
  public mutating func expect(_ classes: [MediaKind]) throws(ClientError) {
    try give(up: expected.subtracting(classes).subtracting(seen))
  }

  /// Writes what was held back, and puts the film in its place; where there is nothing to play, nothing is there.
  /// - Parameter replacing: false for a film that is not as it should be: a file that is there already then stays.
  /// - Returns: whether the film is in its place.
  /// - Throws: ``ClientError``.
  @discardableResult
  public mutating func finish(replacing: Bool = true) throws(ClientError) -> Bool {
    try write(ClientError.translating { try assembler.finish() })
    guard isPlayable else {
      file.discard()
      return false
    }
    return try file.publish(replacing: replacing)
  }

  /// Gives the film up: nothing of it is left, and what was there before stays.
  public func discard() { file.discard() }

  private mutating func give(up kinds: Set<MediaKind>) throws(ClientError) {
    for kind in kinds {
      expected.remove(kind)
      guard let track = kind.track else { continue }
      try write(ClientError.translating { try assembler.declareAbsent(track) })
    }
  }

  private mutating func write(_ bytes: [UInt8]) throws(ClientError) {
    guard !bytes.isEmpty else { return }
    byteCount += bytes.count
    try file.append(bytes)
  }
}

extension MediaKind {
  var track: MovieTrack? {
    switch self {
    case .video: .video
    case .audio: .audio
    case .photo, .event: nil
    }
  }
}
