internal import CPumpkiiCodecs

/// What a cheap look at a camera's JPEG tells before anything decodes it. Nothing here walks over the entropy data: the
/// head is read segment by segment, the end is looked for backwards over zeros, and no byte is copied.
package struct JPEGCheck: Sendable, Equatable {
  /// As the camera gave it.
  private let raw: [UInt8]
  /// Where EOI ends.
  private let end: Int
  /// Where the first SOS begins.
  private let scan: Int
  /// Pixels, as the frame head says.
  package let width: Int
  /// Pixels, as the frame head says.
  package let height: Int
  /// True when the standard's tables had to be put in, as many cameras leave them out.
  package let mendedTables: Bool
  /// Bytes behind EOI that were cut off.
  package var trimmed: Int { raw.count - end }

  /// The smallest JPEG that holds a picture.
  private static let leastBytes = 125

  /// Checks SOI, EOI (behind which only zeros may stand), length and the chain of markers up to the first scan.
  /// - Throws: ``MediaError`` `badPicture`.
  package init(_ raw: [UInt8]) throws(MediaError) {
    guard raw.count >= Self.leastBytes, raw.count <= 64 << 20 else {
      throw Self.bad("a JPEG has \(raw.count) bytes")
    }
    guard raw[0] == 0xFF, raw[1] == 0xD8 else { throw Self.bad("a JPEG does not begin with SOI") }
    let end = unsafe pk_without_zeros(raw, raw.count)
    guard end > 3, raw[end - 2] == 0xFF, raw[end - 1] == 0xD9 else {
      throw Self.bad("a JPEG is cut short: it has no EOI")
    }
    let chain = try MarkerChain(raw, end: end)
    self.raw = raw
    self.end = end
    scan = chain.scan
    width = chain.width
    height = chain.height
    mendedTables = !chain.hasTables
  }

  /// The picture, ended at EOI and with Huffman tables, in pieces that follow each other: a writer copies them once.
  var parts: [ArraySlice<UInt8>] {
    mendedTables ? [raw[..<scan], JPEGTables.segment[...], raw[scan..<end]] : [raw[..<end]]
  }

  /// The picture in one piece; the camera's own array where nothing had to be mended or cut off.
  package var bytes: [UInt8] {
    if !mendedTables, end == raw.count { return raw }
    var whole: [UInt8] = []
    whole.reserveCapacity(end + JPEGTables.segment.count)
    for part in parts { whole += part }
    return whole
  }

  fileprivate static func bad(_ reason: String) -> MediaError {
    MediaError(.badPicture, reason, advice: "The frame is left out; when many are, check the cable or lower the size.")
  }
}

/// The segments from SOI to the first SOS.
private struct MarkerChain {
  var width = 0
  var height = 0
  var hasTables = false
  /// Where SOS begins.
  var scan = 0

  init(_ raw: [UInt8], end: Int) throws(MediaError) {
    var segments = JPEGSegments(raw, end: end)
    while let segment = try segments.next() {
      if segment.marker == 0xDA {
        scan = segment.range.lowerBound
        break
      }
      if segment.marker == 0xC4 { hasTables = true }
      if Self.isFrame(segment.marker) { try readFrame(raw, segment.range) }
    }
    guard scan > 0, width > 0, height > 0 else { throw JPEGCheck.bad("a JPEG has no frame head before its scan") }
  }

  private static func isFrame(_ marker: UInt8) -> Bool {
    (0xC0...0xCF).contains(marker) && marker != 0xC4 && marker != 0xC8 && marker != 0xCC
  }

  private mutating func readFrame(_ raw: [UInt8], _ range: Range<Int>) throws(MediaError) {
    let at = range.lowerBound
    guard range.count >= 13, raw[at + 4] == 8 else { throw JPEGCheck.bad("a JPEG's frame head is not of 8 bits") }
    height = Int(raw[at + 5]) << 8 | Int(raw[at + 6])
    width = Int(raw[at + 7]) << 8 | Int(raw[at + 8])
  }
}
