internal import PumpkiiWire

/// How much one key may do. Lower limits are allowed, higher ones are not.
package struct SealingLimits: Sendable {
  /// Objects of a segment, its end included.
  package let objectsPerSegment: UInt32
  /// Segments of one track in one epoch.
  package let segmentsPerTrack: UInt32

  /// The protocol's limits, or lower ones.
  package init(
    objectsPerSegment: UInt32 = WireLimits.objectsPerSegment, segmentsPerTrack: UInt32 = 1 << 24
  ) {
    self.objectsPerSegment = min(max(objectsPerSegment, 2), WireLimits.objectsPerSegment)
    self.segmentsPerTrack = min(segmentsPerTrack, 1 << 24)
  }
}
