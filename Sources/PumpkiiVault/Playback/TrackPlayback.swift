internal import Crypto
internal import PumpkiiWire

/// Where a viewer stands in one track, and which object may come next. A pure value: what it is given has verified and
/// opened already, and a refused object leaves it as it was.
struct TrackPlayback: Sendable {
  /// An object as far as its order is concerned.
  struct Arrival {
    let kid: SegmentKID
    let index: UInt32
    let flags: ObjectHeader.Flags
    let captureTime: UInt64
    /// What the device signed.
    let digest: [UInt8]
    /// The payload of an end object.
    let end: [UInt8]
  }

  /// What an accepted object says about those before it.
  struct Step: Equatable {
    var missing = 0
    var missingSegments = 0
    var cut: SegmentKID?
  }

  /// The segment that is being played, nil before the first.
  private(set) var kid: SegmentKID?
  /// Whether the segment's end was seen.
  private(set) var ended = false
  private var next: UInt32 = 0
  /// Something after an init was accepted once: from then on what is skipped counts as missing.
  private var started = false
  /// Objects were lost since the last random access point, or there was none yet.
  private var needsRandomAccess = true
  private var time: UInt64 = 0
  private var received: UInt32 = 0
  private var digests = SHA256()

  init() {}

  /// Takes one step.
  /// - Throws: ``VaultError`` `wrongEpoch`, `replay`, `gap`, `timeOrder`, `endMismatch`.
  mutating func take(_ object: Arrival) throws(VaultError) -> Step {
    var after = self
    let step = if object.kid == kid { try after.goOn(object) } else { try after.enter(object) }
    if object.flags.contains(.endOfSegment) { try after.close(object) }
    after.received += 1
    after.digests.update(data: object.digest)
    after.time = object.captureTime
    self = after
    return step
  }

  /// The next object of the segment that is being played.
  private mutating func goOn(_ object: Arrival) throws(VaultError) -> Step {
    guard object.index >= next else { throw VaultError(.replay, "\(object.kid) index \(object.index)") }
    guard !ended else { throw VaultError(.endMismatch, "an object after its segment's end") }
    guard object.captureTime >= time else { throw VaultError(.timeOrder, "\(object.kid)") }
    let skipped = Int(object.index - next)
    let isEnd = object.flags.contains(.endOfSegment)
    let isRandomAccess = object.flags.contains(.randomAccess)
    guard isEnd || isRandomAccess || (skipped == 0 && !needsRandomAccess) else {
      throw VaultError(.gap, "\(object.kid) index \(object.index), expected \(next)")
    }
    if isRandomAccess { needsRandomAccess = false } else if skipped > 0 { needsRandomAccess = true }
    let missing = started ? skipped : 0
    if !isEnd { started = true }
    next = object.index + 1
    return Step(missing: missing)
  }

  /// The first object of another segment.
  private mutating func enter(_ object: Arrival) throws(VaultError) -> Step {
    var step = Step()
    if let old = kid {
      guard object.kid.epoch >= old.epoch else { throw VaultError(.wrongEpoch, "\(object.kid) after \(old)") }
      guard object.kid > old else { throw VaultError(.replay, "\(object.kid) after \(old)") }
      guard object.kid.epoch > old.epoch || object.captureTime >= time else {
        throw VaultError(.timeOrder, "\(object.kid)")
      }
      let first = object.kid.epoch == old.epoch ? old.segment + 1 : 0
      step.missingSegments = Int(object.kid.segment - first)
      step.cut = ended ? nil : old
      if !follows(old, object.kid) { needsRandomAccess = true }
    }
    try admit(object, &step)
    kid = object.kid
    next = object.index + 1
    ended = false
    received = 0
    digests = SHA256()
    return step
  }

  /// A video or audio segment is entered at its init; another at its first object or at a random access point.
  private mutating func admit(_ object: Arrival, _ step: inout Step) throws(VaultError) {
    let mediaClass = object.kid.track.mediaClass
    if mediaClass == .video || mediaClass == .audio {
      guard object.index == 0 else { throw VaultError(.gap, "\(object.kid) is entered at its init") }
      return
    }
    guard object.index == 0 || object.flags.contains(.randomAccess) else {
      throw VaultError(.gap, "\(object.kid) is entered at its first object")
    }
    if started { step.missing = Int(object.index) }
    started = true
    needsRandomAccess = false
  }

  /// Whether nothing can lie between a segment and another.
  private func follows(_ old: SegmentKID, _ new: SegmentKID) -> Bool {
    guard ended else { return false }
    if new.epoch == old.epoch { return new.segment == old.segment + 1 }
    return new.epoch == old.epoch + 1 && new.segment == 0
  }

  /// Holds the end object against what was received: always the count, and the digests when none is missing.
  private mutating func close(_ object: Arrival) throws(VaultError) {
    let digest: PumpkiiWire.Digest
    let count: UInt32
    do throws(WireError) {
      var reader = ByteReader(object.end)
      count = try reader.read("count")
      digest = try reader.read("digests")
      try reader.finish("segment end")
    } catch { throw VaultError(error) }
    guard count == object.index else { throw VaultError(.endMismatch, "\(object.kid): count") }
    if received == count, Array(digests.finalize()) != digest.bytes {
      throw VaultError(.endMismatch, "\(object.kid): digests")
    }
    ended = true
  }
}
