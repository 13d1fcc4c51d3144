package import PumpkiiWire

/// One object's worth of plain media on its way from the encoder to the gate.
package struct MediaUnit: Sendable {
  package var track: Track
  package var kind: MediaPlaintext.Kind
  /// Plain, as the encoder made it.
  package var payload: [UInt8]
  /// Unix µs.
  package var captureTime: UInt64
  /// µs.
  package var duration: UInt32
  /// A player may begin here.
  package var isRandomAccess: Bool
  /// The track's CMAF header; nil for photos, which have none.
  package var initialization: [UInt8]?

  package init(
    track: Track, kind: MediaPlaintext.Kind, payload: [UInt8], captureTime: UInt64, duration: UInt32,
    isRandomAccess: Bool, initialization: [UInt8]?
  ) {
    self.track = track
    self.kind = kind
    self.payload = payload
    self.captureTime = captureTime
    self.duration = duration
    self.isRandomAccess = isRandomAccess
    self.initialization = initialization
  }
}

/// Where a unit ended up.
package struct SealedPosition: Sendable, Equatable {
  package let kid: SegmentKID
  package let index: UInt32
}
