internal import PumpkiiPolicy
internal import PumpkiiVault
internal import PumpkiiWire

/// A segment that a track is sealing, with what decides when it ends.
struct OpenSegment: ~Copyable {
  var sealer: SegmentSealer
  /// CLOCK_MONOTONIC in ns.
  let began: UInt64
  let initialization: [UInt8]
  /// What its objects are for: all of a segment go the same ways, so that nobody finds a gap in it.
  let uses: Uses
}

/// A live track: at most one open segment, and the capture time that must not go back.
struct LiveTrack: ~Copyable {
  let track: Track
  var segment: OpenSegment?
  var lastCapture: UInt64 = 0
  /// A segment began with a picture that needs another one: the next should stand alone.
  var lacksRandomAccess = false

  init(_ track: Track) { self.track = track }

  /// How far it is sealed; nil without an open segment. Mutating, since a segment cannot be looked into without being
  /// taken otherwise.
  mutating func position() -> Beacon.Position? {
    guard let kid = segment?.sealer.kid, let next = segment?.sealer.nextIndex else { return nil }
    return Beacon.Position(track: track, segment: kid.segment, nextIndex: next)
  }

  /// Capture times never decrease in a track of an epoch; a driver's may, by a hair.
  mutating func monotone(_ captureTime: UInt64) -> UInt64 {
    lastCapture = max(lastCapture, captureTime)
    return lastCapture
  }
}
