internal import PumpkiiClient
internal import PumpkiiSystem

/// What a watch came to; `--json` prints it.
struct WatchSummary: Sendable, Encodable {
  /// Chunks and pictures that opened, by class.
  private(set) var opened: [String: Int] = [:]
  private(set) var bytes = 0
  private(set) var missing = 0
  private(set) var missingSegments = 0
  private(set) var cutSegments = 0
  private(set) var refused: [String: Int] = [:]
  private(set) var epochs = 0
  private(set) var connections = 0
  /// The last state's codes, and the pictures' in the order in which they came.
  private(set) var picture: String?
  private(set) var sound: String?
  private(set) var pictures: [String] = []
  /// Of a camera that is offline, when it signed its last word, Unix µs by its clock.
  private(set) var lastWord: UInt64?
  private(set) var isOffline = false
  var photos = 0
  var movieBytes = 0
  var isCut = false

  enum CodingKeys: String, CodingKey {
    case opened, bytes, missing, refused, epochs, connections, photos, picture, sound, pictures
    case missingSegments = "missing_segments"
    case cutSegments = "cut_segments"
    case movieBytes = "movie_bytes"
    case isCut = "cut"
    case lastWord = "last_word_us"
    case isOffline = "offline"
  }

  mutating func count(_ event: WatchEvent) {
    switch event {
    case .opened(let media):
      guard media.content != .segmentEnd, media.content != .initialization else { return }
      opened[media.kind.rawValue, default: 0] += 1
      bytes += media.payload.count
    case .missing(_, _, let count): missing += count
    case .missingSegments(_, let count): missingSegments += count
    case .cutSegment: cutSegments += 1
    case .refused(let code, _, _): refused[code, default: 0] += 1
    case .epoch: epochs += 1
    case .connected: connections += 1
    case .state(let state): note(state)
    default: break
    }
  }

  /// A camera that changes its mind for days is not listed for days.
  private mutating func note(_ state: CameraState) {
    (picture, sound) = (state.picture.code, state.sound.code)
    (isOffline, lastWord) = (state.isOffline, state.lastWord)
    if pictures.last != state.picture.code { pictures = pictures.suffix(99) + [state.picture.code] }
  }

  /// A count with its unit: sound comes in pieces of several 20 ms each.
  static func count(_ count: Int, _ kind: String) -> String {
    let unit = ["video": "frame", "audio": "piece"][kind].map { " \($0)\(count == 1 ? "" : "s")" } ?? ""
    return "\(kind) \(count)\(unit)"
  }

  /// By the camera's clock against this machine's.
  var lastHeard: String {
    guard let lastWord else { return "nothing is known of it" }
    let now = Clocks.unixMicroseconds()
    return now >= lastWord
      ? "last heard of \((now - lastWord) / 1_000_000) s ago" : "last heard of by a clock that is ahead of this one"
  }

  var text: String {
    let parts = opened.sorted { $0.key < $1.key }.map { Self.count($0.value, $0.key) }
    let alarms = refused.sorted { $0.key < $1.key }.map { "refused \($0.value) (\($0.key))" }
    let state =
      isOffline ? ["offline (\(lastHeard))"] : picture.map { ["picture \($0), sound \(sound ?? "unknown")"] } ?? []
    let opened = "opened " + (parts.isEmpty ? "nothing" : parts.joined(separator: ", "))
    return ([opened, "missing \(missing)"] + alarms + state)
      .joined(separator: "; ") + (isCut ? "; the right to watch ended" : "")
  }
}
