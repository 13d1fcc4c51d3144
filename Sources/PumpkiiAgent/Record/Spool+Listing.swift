package import PumpkiiPolicy
internal import PumpkiiSystem
internal import Synchronization

// What the device says of its clips.
extension Spool {
  /// Where a clip may go, for whoever asks.
  package struct Way: Sendable {
    /// There is a relay to go to.
    var hasRelay: Bool
    /// An agent runs, and uploads.
    var isRunning: Bool
    /// Why no clip may leave now; nil where some may.
    var denial: Decision?
    /// Whether what denied a clip still does.
    var holds: @Sendable (Decision) -> Bool

    package init(
      hasRelay: Bool, isRunning: Bool, denial: Decision? = nil,
      holds: @escaping @Sendable (Decision) -> Bool = { _ in true }
    ) {
      self.hasRelay = hasRelay
      self.isRunning = isRunning
      self.denial = denial
      self.holds = holds
    }
  }

  /// Every clip that is here, with the reason where it is here only, and the numbers that are gone.
  package func listing(_ way: Way, _ book: UploadBook) -> ClipListing {
    let (clips, uploads, released, index) = state.withLock { ($0.clips, $0.uploads, $0.released, $0.index) }
    var listing = ClipListing()
    listing.open = report.value.openClip
    listing.omitted = max(clips.count - ClipListing.limit, 0)
    listing.clips = clips.suffix(ClipListing.limit).map { clip in
      var row = ClipListing.Clip(number: clip.number, bytes: clip.byteCount, ended: clip.modified, state: .stored)
      guard uploads.reason(of: clip.number) == nil else { return row }
      let mayLeave = settings.uploadEarlier || released.contains(clip.number)
      (row.state, row.why) = Self.stay(of: clip.number, mayLeave, way, book)
      return row
    }
    listing.gone = index.runs.suffix(ClipListing.limit).flatMap { Self.gone($0, uploads) }.suffix(ClipListing.limit)
    return listing
  }

  private static func stay(
    of number: UInt64, _ mayLeave: Bool, _ way: Way, _ book: UploadBook
  ) -> (ClipListing.State, String?) {
    guard way.hasRelay else { return (.local, nil) }
    guard mayLeave else {
      return (
        .earlier,
        "it began or went on while record.cloud was denied, or is older than the list of clips that may go; "
          + "pumpkii clips upload \(number) --board FOLDER lets it go"
      )
    }
    if let denial = way.denial { return (.denied, denial.reason) }
    switch book.trouble(of: number) {
    case .denied(let decision) where way.holds(decision): return (.denied, decision.reason)
    case .refused(let reason):
      return (.refused, "the relay refused it: \(reason); pumpkii clips upload \(number) --board FOLDER asks again")
    case .failed(let reason): return (.failed, "its upload failed and is tried again: \(reason)")
    case .denied, nil: return (.waits, way.isRunning ? nil : "the agent is not running; start it, and it goes")
    }
  }

  /// A run of numbers, divided by whether the relay had them.
  private static func gone(_ run: ClipIndex.Run, _ uploads: ClipIndex) -> [ClipListing.Gone] {
    var parts: [ClipListing.Gone] = []
    var next = run.numbers.lowerBound
    let add = { (numbers: ClosedRange<UInt64>, wasStored: Bool) in
      parts.append(
        ClipListing.Gone(
          first: numbers.lowerBound, last: numbers.upperBound, why: run.reason.words, wasStored: wasStored))
    }
    for stored in uploads.runs.map(\.numbers) where stored.overlaps(run.numbers) {
      let part = stored.clamped(to: run.numbers)
      if part.lowerBound > next { add(next...part.lowerBound - 1, run.reason == .uploaded) }
      add(part, true)
      next = part.upperBound + 1
    }
    if next <= run.numbers.upperBound { add(next...run.numbers.upperBound, run.reason == .uploaded) }
    return parts
  }
}
