/// What a cheap look at a camera's JPEG tells before anything decodes it.
package struct JPEGCheck: Sendable, Equatable {
  /// The picture, ended at EOI and with Huffman tables.
  package let bytes: [UInt8]
  /// Pixels, as the frame head says.
  package let width: Int
  /// Pixels, as the frame head says.
  package let height: Int
  /// True when the standard's tables had to be put in, as many cameras leave them out.
  package let mendedTables: Bool
  /// Bytes behind EOI that were cut off.
  package let trimmed: Int

  /// The smallest JPEG that holds a picture.
  private static let leastBytes = 125

  /// Checks SOI, EOI (behind which only zeros may stand), length and the chain of markers up to the first scan.
  /// - Throws: ``MediaError`` `badPicture`.
  package init(_ raw: [UInt8]) throws(MediaError) {
    guard raw.count >= Self.leastBytes, raw.count <= 64 << 20 else {
      throw Self.bad("a JPEG has \(raw.count) bytes")
    }
    guard raw[0] == 0xFF, raw[1] == 0xD8 else { throw Self.bad("a JPEG does not begin with SOI") }
    var end = raw.count
    while end > 2, raw[end - 1] == 0 { end -= 1 }
    guard raw[end - 2] == 0xFF, raw[end - 1] == 0xD9 else { throw Self.bad("a JPEG is cut short: it has no EOI") }
    let chain = try MarkerChain(raw, end: end)
    width = chain.width
    height = chain.height
    mendedTables = !chain.hasTables
    trimmed = raw.count - end
    if chain.hasTables {
      bytes = end == raw.count ? raw : Array(raw[..<end])
    } else {
      bytes = raw[..<chain.scan] + JPEGTables.segment + raw[chain.scan..<end]
    }
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
    var at = 2
    while true {
      guard at + 4 <= end, raw[at] == 0xFF else { throw JPEGCheck.bad("a JPEG's chain of markers is broken") }
      let marker = raw[at + 1]
      if marker == 0xFF {
        at += 1
        continue
      }
      if marker == 0x01 || (0xD0...0xD7).contains(marker) {
        at += 2
        continue
      }
      guard marker >= 0xC0, marker != 0xD8, marker != 0xD9 else {
        throw JPEGCheck.bad("a JPEG's chain of markers is broken")
      }
      let length = Int(raw[at + 2]) << 8 | Int(raw[at + 3])
      guard length >= 2, at + 2 + length <= end - 2 else { throw JPEGCheck.bad("a JPEG's segment is cut short") }
      if marker == 0xDA {
        scan = at
        break
      }
      if marker == 0xC4 { hasTables = true }
      if Self.isFrame(marker) { try readFrame(raw, at: at, length: length) }
      at += 2 + length
    }
    guard width > 0, height > 0 else { throw JPEGCheck.bad("a JPEG has no frame head before its scan") }
  }

  private static func isFrame(_ marker: UInt8) -> Bool {
    (0xC0...0xCF).contains(marker) && marker != 0xC4 && marker != 0xC8 && marker != 0xCC
  }

  private mutating func readFrame(_ raw: [UInt8], at: Int, length: Int) throws(MediaError) {
    guard length >= 11, raw[at + 4] == 8 else { throw JPEGCheck.bad("a JPEG's frame head is not of 8 bits") }
    height = Int(raw[at + 5]) << 8 | Int(raw[at + 6])
    width = Int(raw[at + 7]) << 8 | Int(raw[at + 8])
  }
}
