internal import CPumpkiiCodecs

/// Walks a JPEG's segments, each by its length; every read is bounded by the picture's end.
struct JPEGSegments {
  /// One segment.
  struct Segment: Equatable {
    /// The byte behind 0xFF.
    let marker: UInt8
    /// From 0xFF to the segment's last byte.
    let range: Range<Int>
  }

  private let raw: [UInt8]
  private let end: Int
  /// Where the next segment is looked for.
  private(set) var at = 2

  /// - Parameter end: behind EOI.
  init(_ raw: [UInt8], end: Int) {
    self.raw = raw
    self.end = end
  }

  /// The next segment that has a length; nil at EOI.
  /// - Throws: ``MediaError`` `badPicture` where the chain breaks or reaches into EOI.
  mutating func next() throws(MediaError) -> Segment? {
    while true {
      guard at + 2 <= end, raw[at] == 0xFF else { throw Self.broken }
      let marker = raw[at + 1]
      if marker == 0xFF {
        at += 1
        continue
      }
      if marker == 0x01 || (0xD0...0xD7).contains(marker) {
        at += 2
        continue
      }
      if marker == 0xD9, at > 2 { return nil }
      guard marker >= 0xC0, marker != 0xD8, marker != 0xD9, at + 4 <= end else { throw Self.broken }
      let length = Int(raw[at + 2]) << 8 | Int(raw[at + 3])
      guard length >= 2, at + 2 + length <= end - 2 else {
        throw MediaError(.badPicture, "a JPEG's segment is cut short", advice: Self.broken.advice)
      }
      defer { at += 2 + length }
      return Segment(marker: marker, range: at..<at + 2 + length)
    }
  }

  /// Goes over a scan's entropy data to the marker behind it.
  /// - Returns: the data.
  mutating func skipScan() -> Range<Int> {
    let begin = at
    at = unsafe pk_jpeg_scan_end(raw, end, at)
    return begin..<at
  }

  private static let broken = MediaError(
    .badPicture, "a JPEG's chain of markers is broken",
    advice: "The frame is left out; when many are, check the cable or lower the size.")
}
