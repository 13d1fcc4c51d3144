internal import ArgumentParser
internal import PumpkiiClient
internal import PumpkiiSystem
internal import PumpkiiWire

/// Watches.
struct WatchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch",
    abstract: "Watch a camera: into a film, a player, photos, or a file to be proven later.",
    discussion: """
      Example: pumpkii watch --camera porch --seconds 60 --output porch.mp4
               pumpkii watch --output - | mpv -
               pumpkii watch --photos pictures/ --keep evening.pumpkii
      Every object is verified and opened here. Gaps are reported by number. Ctrl-C ends it; the files are whole then. A \
      film takes its name at the end, and only where something opened.
      Exit status 77 when the right to watch ended meanwhile, 75 when nothing came because the camera is offline.
      """)

  @Option(help: "The camera's name or id. Default: the only one.")
  var camera: String?

  @Option(name: .shortAndLong, help: "A film: FILE.mp4, or - for standard output.")
  var output: String?

  @Option(help: "A folder for photos.")
  var photos: String?

  @Option(help: "End after so many seconds.")
  var seconds: Double?

  @Option(help: "Keep what was received, sealed and signed, in FILE.pumpkii.")
  var keep: String?

  @Option(help: "What to watch: video, audio, photo, event. Default video,audio, and photo with --photos.")
  var classes: ClassList?

  @Option(help: "Append a line an object to this file (docs/demo.md).")
  var ledger: String?

  @Flag(help: "Show the live line also where standard error is no terminal.")
  var progress = false

  @Flag(help: "Print a summary as JSON at the end.")
  var json = false

  @OptionGroup var options: HomeOption

  func validate() throws {
    if let seconds, !(seconds > 0 && seconds < 1e9) { throw ValidationError("--seconds is above 0") }
    if json, output == MovieWriter.standardOutput {
      throw ValidationError("--json and the film do not both fit on standard output")
    }
    if let output, let keep, output == keep || DurableFile.isSame(output, keep) {
      throw ValidationError("--output and --keep name one file; the film and what was received are two")
    }
  }

  private var kinds: Set<MediaKind> {
    classes?.kinds ?? (photos == nil ? [.video, .audio] : [.video, .audio, .photo])
  }

  func run() async throws {
    try await Program.run {
      let command = self
      try await options.withAccount(.watch) { account in try await command.watch(account) }
    }
  }

  private func watch(_ account: Account) async throws {
    let link = try await account.camera(camera)
    let watch = try link.watch(classes: kinds, keep: keep)
    let viewer = try Viewer(
      parts: Viewer.Parts(
        movie: output.map { try MovieWriter(path: $0, classes: kinds) }, photos: photos,
        ledger: ledger.map { LedgerWriter(path: $0, who: "viewer") },
        line: StandardStream.error.isTerminal || progress ? LiveLine(name: link.name) : nil))
    let (summary, failure) = await run(watch, viewer)
    if json { try JSONOutput.line(summary) } else { Output.note(summary.text) }
    if let failure { throw failure }
    guard summary.isOffline, summary.opened.isEmpty else { return }
    throw ClientError(
      .offline, "\(link.name) is offline (\(summary.lastHeard)), and nothing of it was opened",
      advice: "look at the camera's power and network, and that its agent runs")
  }

  /// The viewer ends with its stream, with the time that was asked for, or with Ctrl-C; the last two are no failure.
  private func run(_ watch: Watch, _ viewer: Viewer) async -> (WatchSummary, (any Error)?) {
    let seconds = seconds
    return await withTaskGroup(of: (WatchSummary, (any Error)?)?.self) { group in
      group.addTask {
        var viewer = viewer
        let failure = await viewer.follow(watch)
        return (viewer.summary, failure)
      }
      if let seconds {
        group.addTask {
          try? await Task.sleep(for: .seconds(seconds))
          return nil
        }
      }
      for await result in group {
        if let result {
          group.cancelAll()
          return result
        }
        group.cancelAll()
      }
      return (viewer.summary, nil)
    }
  }
}
