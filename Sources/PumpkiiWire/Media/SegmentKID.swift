/// SFrame's KID as we use it: epoch (32 bits) | segment (24) | track (8). One KID a segment, one AES key a KID.
package struct SegmentKID: Hashable, Sendable, Comparable, CustomStringConvertible {
  package let epoch: UInt32
  /// From 0 in each track, gap-free within the epoch; below 2^24.
  package let segment: UInt32
  package let track: Track

  package init(epoch: UInt32, segment: UInt32, track: Track) {
    precondition(segment < 1 << 24, "a segment number has 24 bits")
    self.epoch = epoch
    self.segment = segment
    self.track = track
  }

  /// - Throws: ``WireError`` `unknownValue` when the track's class is none of ours.
  package init(rawValue: UInt64) throws(WireError) {
    epoch = UInt32(truncatingIfNeeded: rawValue >> 32)
    segment = UInt32(truncatingIfNeeded: rawValue >> 8) & 0xFF_FFFF
    track = try Track(rawValue: UInt8(truncatingIfNeeded: rawValue))
  }

  package var rawValue: UInt64 { UInt64(epoch) << 32 | UInt64(segment) << 8 | UInt64(track.rawValue) }
  package var description: String { "\(epoch).\(segment).\(track.mediaClass.name)\(track.number)" }
  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
