/// A track of a film.
package enum MovieTrack: String, Sendable, CaseIterable {
  case video
  case audio
}

/// Makes one playable film of the headers and chunks a viewer opens: what it returns is appended to a file or pipe.
///
/// Nothing comes out until every expected track has its header and its first chunk, or is declared absent, or others
/// have run ahead too far; then all decode times are moved so that the film begins at zero with sound in step.
package struct MovieAssembler: Sendable {
  /// What a payload is.
  package enum Part: String, Sendable {
    case initialization
    case chunk
  }

  /// Bytes held back at most; then the film begins without the tracks that are missing.
  package static let holdBytes = 32 << 20
  /// ns of one track held back at most while another has a header but no chunk.
  package static let holdTime: UInt64 = 3_000_000_000
  /// ns a track may step back before that counts as a sender that began anew.
  private static let stepBack: UInt64 = 500_000_000
  /// ns beyond which no time is taken, so that no sum of two overflows.
  private static let latest: UInt64 = 1 << 62

  /// Chunks that belong to no track of the film, or lie before its start.
  package private(set) var ignored = 0
  /// True once the film has begun.
  package private(set) var hasBegun = false
  private var expected: Set<MovieTrack>
  private var tracks: [MovieTrack: TrackState] = [:]
  private var held: [(track: MovieTrack, bytes: [UInt8])] = []
  private var heldBytes = 0
  /// The newest beginning of a sender's clock: its ns that became `film` ns.
  private var anchor: Anchor?

  private struct Anchor: Sendable, Equatable {
    var source: UInt64
    var film: UInt64
  }

  private struct TrackState: Sendable {
    let header: [UInt8]
    let summary: MP4.TrackSummary
    var first: UInt64?
    var anchor: Anchor?
    /// Film time, in ns, at which the newest chunk began.
    var newest: UInt64?
  }

  /// - Parameter tracks: those whose headers are waited for.
  package init(expecting tracks: Set<MovieTrack>) { expected = tracks }

  /// Takes a payload of a track.
  /// - Returns: bytes to append, often none at first.
  /// - Throws: ``MediaError`` `badBoxes`, or `changed` when a header says something else than the one before.
  package mutating func take(
    _ part: Part, track: MovieTrack, payload: [UInt8]
  ) throws(MediaError) -> [UInt8] {
    switch part {
    case .initialization: return try takeHeader(payload, track)
    case .chunk: return try takeChunk(payload, track)
    }
  }

  /// No more is waited for this track: it is not shared, or its sensor is denied.
  /// - Throws: ``MediaError`` `badBoxes`.
  package mutating func declareAbsent(_ track: MovieTrack) throws(MediaError) -> [UInt8] {
    guard !hasBegun else { return [] }
    expected.remove(track)
    if tracks[track]?.first == nil { tracks[track] = nil }
    return isReady ? try begin() : []
  }

  /// At the end: what is held back, with the tracks there are.
  /// - Throws: ``MediaError`` `badBoxes`.
  package mutating func finish() throws(MediaError) -> [UInt8] {
    hasBegun || tracks.isEmpty ? [] : try begin()
  }

  private mutating func takeHeader(_ payload: [UInt8], _ track: MovieTrack) throws(MediaError) -> [UInt8] {
    let summary = try MP4.summary(of: payload)
    guard summary.isVideo == (track == .video) else { throw Box.bad("a header is of another kind of track") }
    if let known = tracks[track] {
      guard known.summary == summary else {
        // Before anything is written, the newer header simply holds.
        if !hasBegun, known.first == nil {
          tracks[track] = TrackState(header: payload, summary: summary)
          return []
        }
        throw MediaError(
          .changed, "the \(track.rawValue) changed its size or coding, which one film cannot hold",
          advice: "Start a new file.")
      }
      return []
    }
    guard !hasBegun else {
      ignored += 1
      return []
    }
    tracks[track] = TrackState(header: payload, summary: summary)
    return isReady ? try begin() : []
  }

  private mutating func takeChunk(_ payload: [UInt8], _ track: MovieTrack) throws(MediaError) -> [UInt8] {
    let summary = try MP4.summary(ofChunk: payload)
    guard let state = tracks[track] else {
      ignored += 1
      return []
    }
    guard summary.trackID == state.summary.trackID else { throw Box.bad("a chunk is of another track") }
    if state.first == nil {
      guard summary.randomAccess else {
        ignored += 1
        return []
      }
      let first = try nanoseconds(summary, state)
      tracks[track]?.first = first
    }
    if hasBegun { return try place(payload, track) }
    held.append((track, payload))
    heldBytes += payload.count
    let now = try nanoseconds(summary, state)
    let waited = state.first.map { now > $0 && now - $0 > Self.holdTime } ?? false
    let headersAreThere = expected.allSatisfy { tracks[$0] != nil }
    let isLate = heldBytes > Self.holdBytes || waited && headersAreThere
    return isReady || isLate ? try begin() : []
  }

  private var isReady: Bool {
    !tracks.isEmpty && expected.allSatisfy { tracks[$0]?.first != nil } && tracks.values.allSatisfy { $0.first != nil }
  }

  private func nanoseconds(_ chunk: MP4.ChunkSummary, _ state: TrackState) throws(MediaError) -> UInt64 {
    let time = MediaTime.nanoseconds(ticks: chunk.decodeTime, timescale: state.summary.timescale)
    guard time < Self.latest else { throw Box.bad("a chunk lies centuries ahead") }
    return time
  }

  private mutating func begin() throws(MediaError) -> [UInt8] {
    hasBegun = true
    let order = tracks.values.sorted { $0.summary.trackID < $1.summary.trackID }
    var output = try MP4.combine(initializations: order.map(\.header))
    if let start = tracks.values.compactMap(\.first).min() { anchor = Anchor(source: start, film: 0) }
    for (track, bytes) in held { output += try place(bytes, track) }
    held = []
    heldBytes = 0
    return output
  }

  /// The chunk at its place in the film.
  private mutating func place(_ chunk: [UInt8], _ track: MovieTrack) throws(MediaError) -> [UInt8] {
    let summary = try MP4.summary(ofChunk: chunk)
    guard let state = tracks[track] else { return [] }
    let source = try nanoseconds(summary, state)
    let current = anchor ?? Anchor(source: source, film: 0)
    anchor = current
    var own = state.anchor ?? current
    if let newest = state.newest, Self.film(source, own).map({ $0 + Self.stepBack < newest }) ?? true {
      own = follow(source, newest: newest, current)
    }
    guard let time = Self.film(source, own) else {
      ignored += 1
      return []
    }
    tracks[track]?.anchor = own
    tracks[track]?.newest = time
    let ticks = summary.decodeTime
    let timescale = state.summary.timescale
    let exact =
      own.film == 0
      ? ticks - min(ticks, MediaTime.ticks(nanoseconds: own.source, timescale: timescale))
      : MediaTime.ticks(nanoseconds: time, timescale: timescale)
    return try MP4.retime(chunk: chunk, to: exact)
  }

  /// A sender whose clock began anew goes on where the film ended, in step with the track that met it first.
  private mutating func follow(_ source: UInt64, newest: UInt64, _ current: Anchor) -> Anchor {
    if let time = Self.film(source, current), time + Self.stepBack >= newest { return current }
    let end = tracks.values.compactMap(\.newest).max() ?? newest
    let fresh = Anchor(source: source, film: end + 100_000_000)
    anchor = fresh
    return fresh
  }

  /// Film time of a sender's time, nil before the film's start or beyond ``latest``.
  private static func film(_ source: UInt64, _ anchor: Anchor) -> UInt64? {
    if source >= anchor.source {
      let time = anchor.film + (source - anchor.source)
      return time < latest ? time : nil
    }
    return anchor.film >= anchor.source - source ? anchor.film - (anchor.source - source) : nil
  }
}
