package import PumpkiiWire

/// An object that verified, opened and came in an order that is allowed.
package struct OpenedObject: Sendable {
  /// Its clear fields, which are proven now.
  package let header: ObjectHeader
  /// What was sealed.
  package let plaintext: MediaPlaintext
  /// Objects of this segment, and known ones of the segment before, that were skipped before this one.
  package let missing: Int
  /// Whole segments of this track that were skipped before this one; how many objects they had is not known.
  package let missingSegments: Int
  /// The segment before, when it was left without its end.
  package let cut: SegmentKID?
}
