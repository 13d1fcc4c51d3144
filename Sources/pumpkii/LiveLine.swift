internal import PumpkiiClient
internal import PumpkiiSystem

/// The one line on standard error that is written over while a camera is watched.
struct LiveLine: Sendable {
  private let name: String
  private let start = Clocks.unixMicroseconds()
  private var shown: UInt64 = 0
  private var isOpen = false
  private var state = CameraState(picture: .notLive(.waiting), sound: .notLive(.waiting))

  init(name: String) { self.name = name }

  /// Four times a second at most.
  mutating func show(_ summary: WatchSummary, now: UInt64) {
    guard now > shown + 250_000 else { return }
    shown = now
    isOpen = true
    let tenths = (now - min(now, start)) / 100_000
    let counts = ["video", "audio", "photo"].compactMap { kind in
      summary.opened[kind].map { WatchSummary.count($0, kind) }
    }
    let megabytes = Double(summary.bytes / 10_000) / 100
    let isSoundAlone = state.picture != .live && state.sound == .live
    let words = isSoundAlone ? "sound live, \(state.picture.words)" : state.picture.words
    let time = "\(tenths / 10).\(tenths % 10) s"
    let parts = [words, time] + counts + ["missing \(summary.missing)", "\(megabytes) MB"]
    Output.progress("\r\u{1B}[K\(name)  \(parts.joined(separator: "  "))")
  }

  /// What the line says from now on; a picture that is not live, or is again, is said on a line of its own as well.
  mutating func tell(_ new: CameraState) {
    let isNews = new.picture != state.picture && (new.picture != .live || state.picture != .notLive(.waiting))
    state = new
    if isNews { say("\(name): \(new.picture.words)") }
  }

  /// A message of its own line.
  mutating func say(_ text: String) {
    end()
    Output.note(text)
  }

  /// Leaves the line standing.
  mutating func end() {
    if isOpen { Output.progress("\n") }
    isOpen = false
  }
}
