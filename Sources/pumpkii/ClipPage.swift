internal import PumpkiiAgent

/// The device's own clips as lines of text.
enum ClipPage {
  static func show(_ board: Board, json: Bool) async throws {
    guard case .clips(let listing) = try await board.ask(.clips) else { return }
    if json { return try JSONOutput.line(listing) }
    for line in lines(listing) { Output.line(line) }
  }

  private static func lines(_ listing: ClipListing) -> [String] {
    var lines: [String] = []
    if listing.omitted > 0 { lines.append("\(listing.omitted) older clips are not listed") }
    lines += listing.gone.map(gone) + listing.clips.map(clip)
    if let open = listing.open { lines.append("\(open)  is being recorded") }
    return lines.isEmpty ? ["This camera has no clips."] : lines
  }

  private static func clip(_ clip: ClipListing.Clip) -> String {
    let place =
      switch clip.state {
      case .stored: "here and at the relay"
      case .local: "here; this camera has no relay"
      case .waits: clip.why.map { "here only: \($0)" } ?? "here, on its way to the relay"
      case .denied, .earlier, .refused, .failed: "here only: \(clip.why ?? clip.state.rawValue)"
      }
    return "\(clip.number)  \(clip.bytes) bytes  ended \(Instant.text(clip.ended * 1_000_000))  \(place)"
  }

  private static func gone(_ gone: ClipListing.Gone) -> String {
    let numbers = gone.first == gone.last ? "\(gone.first)" : "\(gone.first)–\(gone.last)"
    return "\(numbers)  gone: \(gone.why)\(gone.wasStored ? "; the relay had it" : "")"
  }
}
