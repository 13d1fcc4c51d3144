package import PumpkiiPolicy
internal import PumpkiiSystem
package import PumpkiiVault
package import PumpkiiWire
internal import Synchronization

/// A new epoch and the message that gives its keys away.
package struct FreshEpoch: ~Copyable {
  package let epoch: Epoch
  package let message: KeyMessage
  package init(epoch: consuming Epoch, message: KeyMessage) {
    self.epoch = epoch
    self.message = message
  }
}

/// Seals what the gate cleared: holds the epoch and one open segment a track, and hands the results to the outlets that
/// the clearance names, in the order they were made. All of it is one lock, so a rotation stands between two objects,
/// never inside one.
package final class SealingDesk: Sendable {
  /// How objects and segments are cut.
  package struct Settings: Sendable {
    /// A segment ends at the first random access point after this many ns.
    package var segmentLength: UInt64 = 10_000_000_000
    /// How much an object's size tells.
    package var padding: Padding = .padme
    /// Bytes of a photo in one object; a larger one is split.
    package var photoPart = 256 << 10
    package init() {}
  }

  private struct State: ~Copyable {
    var epoch: Epoch?
    var message: KeyMessage?
    var video = LiveTrack(Track(.video))
    var audio = LiveTrack(Track(.audio))
    var photo = LiveTrack(Track(.photo))
    var event = LiveTrack(Track(.event))
    var note = LiveTrack(ClipNote.track)
    var sealedInEpoch = false
  }

  private let state = Mutex(State())
  private let outbox: Outbox
  private let recorder: (any RecordingOutlet)?
  private let settings: Settings

  package init(outbox: Outbox, recorder: (any RecordingOutlet)? = nil, settings: Settings = Settings()) {
    self.outbox = outbox
    self.recorder = recorder
    self.settings = settings
  }

  /// True when the track must go on with a random access point: no segment is open for these uses, the last began
  /// without one, or the outbox lost a group.
  package func needsRandomAccess(_ track: Track, for uses: Uses) -> Bool {
    let isFresh = state.withLock { state in
      track.mediaClass == .video ? Self.isFresh(&state.video, uses) : Self.isFresh(&state.audio, uses)
    }
    return isFresh || (uses.contains(.live) && outbox.needsRandomAccess(track))
  }

  private static func isFresh(_ live: inout LiveTrack, _ uses: Uses) -> Bool {
    live.lacksRandomAccess || live.segment?.uses != uses
  }

  /// Whether anything was sealed in the present epoch; an idle camera's timer makes no key messages.
  package var hasSealed: Bool { state.withLock { $0.sealedInEpoch } }

  /// The present epoch's key message; nil before the first.
  package var message: KeyMessage? { state.withLock { $0.message } }

  /// How far the open segments are sealed, and in which epoch, ascending by track.
  package var positions: (uid: EpochUID?, tracks: [Beacon.Position]) {
    state.withLock { state in
      (state.message?.head.body.epochUID, [state.video.position(), state.audio.position()].compactMap { $0 })
    }
  }

  /// Sealing stops, at once and whatever fails: somebody lost a right. Only the end objects of open segments follow,
  /// which carry no media; the next epoch goes on.
  package func stop() {
    state.withLock { state in
      try? endSegment(&state.video)
      try? endSegment(&state.audio)
      state.video.segment = nil
      state.audio.segment = nil
      state.epoch = nil
    }
  }

  /// Begins a new epoch: ends the open segments of the old one, then puts the new key message before anything of its
  /// own. The message was made before, off the frames' way.
  /// - Throws: ``VaultError`` when a segment of the old epoch cannot be ended; the new one has begun all the same.
  package func begin(_ fresh: consuming FreshEpoch) throws(VaultError) {
    var next: FreshEpoch? = consume fresh
    try state.withLock { state throws(VaultError) in
      defer { if let fresh = next.take() { install(fresh, &state) } }
      try endSegments(&state)
    }
  }

  private func install(_ fresh: consuming FreshEpoch, _ state: inout State) {
    let message = fresh.message
    state.epoch = consume fresh.epoch
    state.message = message
    state.sealedInEpoch = false
    state.video = LiveTrack(Track(.video))
    state.audio = LiveTrack(Track(.audio))
    state.photo = LiveTrack(Track(.photo))
    state.event = LiveTrack(Track(.event))
    state.note = LiveTrack(ClipNote.track)
    outbox.accept(message)
    recorder?.accept(message)
  }

  /// Ends the open segments: the last viewer left, a sensor closed, or the device stops.
  /// - Throws: ``VaultError``.
  package func pause(_ media: MediaClass? = nil) throws(VaultError) {
    try state.withLock { state throws(VaultError) in
      if media == nil || media == .video { try endSegment(&state.video) }
      if media == nil || media == .audio { try endSegment(&state.audio) }
    }
  }

  /// A new uplink connection: its first bytes are the key message, and every track starts a segment.
  /// - Throws: ``VaultError``.
  package func connect() throws(VaultError) {
    try state.withLock { state throws(VaultError) in
      // Whoever records hears where they ended; what the last connection had of them ended with it.
      try? endSegment(&state.video, but: .live)
      try? endSegment(&state.audio, but: .live)
      outbox.open()
      if let message = state.message { outbox.accept(message) }
    }
  }

  /// Seals one video or audio object.
  /// - Returns: its position, nil before the first epoch.
  /// - Throws: ``VaultError``.
  package func seal(_ clearance: consuming Clearance, _ unit: MediaUnit) throws(VaultError) -> SealedPosition? {
    precondition(clearance.media == unit.track.mediaClass, "a clearance is for one class")
    // Who looks on the board comes and goes without a segment's end.
    let uses = clearance.uses.subtracting(.preview)
    return try state.withLock { state throws(VaultError) in
      guard state.message != nil else { return nil }
      state.sealedInEpoch = true
      let position =
        unit.track.mediaClass == .video
        ? try seal(unit, uses, &state.video, &state.epoch)
        : try seal(unit, uses, &state.audio, &state.epoch)
      if let note = recorder?.takeNote() { try sealNote(note, &state) }
      return position
    }
  }

  /// A clip's reason and beginning, for the recorder alone: it holds nothing that a sensor made, and viewers would see
  /// it as a gap between events.
  private func sealNote(_ note: ClipNote, _ state: inout State) throws(VaultError) {
    let time = state.note.monotone(Clocks.unixMicroseconds())
    guard var sealer = try state.epoch?.nextSegment(track: state.note.track) else { return }
    let plaintext = MediaPlaintext(captureTime: time, duration: 0, kind: .event, payload: note.json)
    recorder?.accept(try sealer.seal(plaintext, flags: .randomAccess, padding: settings.padding))
    recorder?.accept(try sealer.end(captureTime: time, padding: settings.padding))
  }

  /// Seals a photo: a segment of its own.
  /// - Returns: the position of its first object, nil before the first epoch and when the way is too full for it.
  /// - Throws: ``VaultError``.
  package func sealPhoto(
    _ clearance: consuming Clearance, jpeg: [UInt8], captureTime: UInt64
  ) throws(VaultError) -> SealedPosition? {
    precondition(clearance.media == .photo, "a clearance is for one class")
    let uses = clearance.uses
    return try state.withLock { state throws(VaultError) in
      state.sealedInEpoch = true
      let time = state.photo.monotone(captureTime)
      guard var sealer = try state.epoch?.nextSegment(track: state.photo.track) else { return nil }
      let kid = sealer.kid
      var rest = jpeg[...]
      var isWhole = true
      repeat {
        let part = rest.prefix(settings.photoPart)
        rest = rest.dropFirst(part.count)
        let plaintext = MediaPlaintext(
          captureTime: time, duration: 0, kind: rest.isEmpty ? .jpeg : .jpegPart, payload: Array(part))
        let first = part.startIndex == jpeg.startIndex
        let object = try sealer.seal(plaintext, flags: first ? .randomAccess : [], padding: settings.padding)
        isWhole = give(object, uses)
      } while isWhole && !rest.isEmpty
      give(try sealer.end(captureTime: time, padding: settings.padding), uses)
      guard isWhole else { return nil }
      return SealedPosition(kid: kid, index: 0)
    }
  }

  /// Seals an event: a segment of its own.
  /// - Returns: its position, nil before the first epoch.
  /// - Throws: ``VaultError``.
  package func sealEvent(
    _ clearance: consuming Clearance, json: [UInt8], captureTime: UInt64
  ) throws(VaultError) -> SealedPosition? {
    precondition(clearance.media == .event, "a clearance is for one class")
    let uses = clearance.uses
    return try state.withLock { state throws(VaultError) in
      let time = state.event.monotone(captureTime)
      guard var sealer = try state.epoch?.nextSegment(track: state.event.track) else { return nil }
      state.sealedInEpoch = true
      let kid = sealer.kid
      let plaintext = MediaPlaintext(captureTime: time, duration: 0, kind: .event, payload: json)
      give(try sealer.seal(plaintext, flags: .randomAccess, padding: settings.padding), uses)
      give(try sealer.end(captureTime: time, padding: settings.padding), uses)
      return SealedPosition(kid: kid, index: 0)
    }
  }

  private func seal(
    _ unit: MediaUnit, _ uses: Uses, _ live: inout LiveTrack, _ epoch: inout Epoch?
  ) throws(VaultError) -> SealedPosition? {
    let now = Clocks.monotonic()
    let time = live.monotone(unit.captureTime)
    let initialization = unit.initialization ?? []
    if let began = live.segment?.began, unit.isRandomAccess, now - began >= settings.segmentLength {
      try endSegment(&live)
    }
    if let kid = live.segment?.sealer.kid, unit.isRandomAccess, recorder?.lacks(kid) == true { try endSegment(&live) }
    if live.segment?.sealer.isFull == true { try endSegment(&live) }
    if let current = live.segment?.initialization, current != initialization { try endSegment(&live) }
    if let current = live.segment?.uses, current != uses { try endSegment(&live) }
    if live.segment == nil {
      guard var sealer = try epoch?.nextSegment(track: live.track) else { return nil }
      let head = MediaPlaintext(captureTime: time, duration: 0, kind: .initialization, payload: initialization)
      give(try sealer.seal(head, flags: .initialization, padding: settings.padding), uses)
      live.segment = OpenSegment(sealer: sealer, began: now, initialization: initialization, uses: uses)
      live.lacksRandomAccess = true
    }
    if unit.isRandomAccess { live.lacksRandomAccess = false }
    let plaintext = MediaPlaintext(
      captureTime: time, duration: unit.duration, kind: unit.kind, payload: unit.payload)
    let flags: ObjectHeader.Flags = unit.isRandomAccess ? .randomAccess : []
    guard let object = try live.segment?.sealer.seal(plaintext, flags: flags, padding: settings.padding) else {
      return nil
    }
    give(object, uses)
    return SealedPosition(kid: object.header.kid, index: object.header.index)
  }

  /// Hands an object to the outlets of its uses.
  /// - Returns: false when the way to the relay was asked to take it and lost it.
  @discardableResult
  private func give(_ object: SealedObject, _ uses: Uses) -> Bool {
    if uses.contains(.record) { recorder?.accept(object) }
    // Where nobody is connected and it is recorded, there is nothing to lose.
    guard !uses.isDisjoint(with: [.live, .photo]), outbox.isOpen || !uses.contains(.record) else { return true }
    return outbox.accept(object)
  }

  private func endSegments(_ state: inout State) throws(VaultError) {
    try endSegment(&state.video)
    try endSegment(&state.audio)
  }

  private func endSegment(_ live: inout LiveTrack, but left: Uses = []) throws(VaultError) {
    guard let segment = live.segment.take() else { return }
    let uses = segment.uses.subtracting(left)
    give(try segment.sealer.end(captureTime: live.lastCapture, padding: settings.padding), uses)
  }
}
