internal import Glibc
internal import PumpkiiMedia
internal import PumpkiiSystem

/// Makes one playable film of what opens, in a file or on standard output.
///
/// The chunks are the camera's own; only their times are moved so that the film begins at zero with sound in step.
public struct MovieWriter: Sendable {
  /// Standard output, for a player.
  public static let standardOutput = "-"
  /// Sound that has not shown itself after this much picture is taken for denied; µs of the camera's clock.
  private static let patience: UInt64 = 2_500_000

  /// Bytes written so far.
  public private(set) var byteCount = 0
  private let path: String
  private var assembler: MovieAssembler
  private var expected: Set<MediaKind>
  private var seen: Set<MediaKind> = []
  private var start: UInt64?

  /// Begins a film; a file of this name is replaced.
  /// - Parameters:
  ///   - path: the file, or ``standardOutput``.
  ///   - classes: what is watched; of these, picture and sound are in the film.
  /// - Throws: ``ClientError`` `client-home`.
  public init(path: String, classes: Set<MediaKind>) throws(ClientError) {
    self.path = path
    expected = classes.intersection([.video, .audio])
    assembler = MovieAssembler(expecting: Set(expected.compactMap(\.track)))
    guard path != Self.standardOutput else { return }
    try ClientError.translating {
      try DurableFile.begin(path)
    }
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

  /// Writes what was held back.
  /// - Throws: ``ClientError``.
  public mutating func finish() throws(ClientError) {
    try write(ClientError.translating { try assembler.finish() })
  }

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
    guard path == Self.standardOutput else {
      return try ClientError.translating { try DurableFile.append(bytes, to: path, sync: false) }
    }
    do { try DurableFile.append(bytes, to: "/dev/stdout", sync: false) } catch {
      guard error.errno == EPIPE else { throw ClientError(of: error) }
      throw ClientError(.readerGone, "the player has closed")
    }
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
