import PumpkiiCapture
import PumpkiiMedia
import Testing

@Suite struct JPEGChecklistTests {
  private let bad = MediaError(.badPicture, "", advice: "")

  private func jpeg() throws -> [UInt8] {
    try required(Material.jpegs("yuvj420p", width: 64, height: 48, frames: 1).first)
  }

  @Test("checklist 32: EOI is looked for backwards over zeros of any number", arguments: [1, 7, 8, 9, 1000, 100_000])
  func zeroTail(zeros: Int) throws {
    let jpeg = try jpeg()
    let checked = try JPEGCheck(jpeg + [UInt8](repeating: 0, count: zeros))
    #expect(checked.bytes == jpeg && checked.trimmed == zeros)
  }

  @Test("checklist 32: what is cut short, or is nothing but zeros, is refused")
  func cutShort() throws {
    let jpeg = try jpeg()
    let zeros = [UInt8](repeating: 0, count: 4000)
    let broken: [[UInt8]] = [
      Array(jpeg.dropLast(2)), Array(jpeg.dropLast()), Array(jpeg[..<200]) + zeros, [0xFF, 0xD8] + zeros, zeros,
      [0xFF, 0xD8, 0xFF, 0xD9] + zeros,
    ]
    for broken in broken {
      #expect(throws: bad) { _ = try JPEGCheck(broken) }
    }
  }

  @Test("checklist 32: every read of the chain of markers is bounded, wherever the picture ends")
  func bounded() throws {
    let jpeg = try jpeg()
    // Ended by EOI at every place of its head: no segment may be read past it.
    for count in 2..<700 {
      let cut: [UInt8] = Array(jpeg[..<count]) + Array(repeating: 0x11, count: max(0, 125 - count)) + [0xFF, 0xD9]
      if let checked = try? JPEGCheck(cut) { #expect(checked.width == 64 && checked.height == 48) }
    }
    var long = jpeg
    (long[4], long[5]) = (0xFF, 0xFF)
    #expect(throws: bad) { _ = try JPEGCheck(long) }
  }

  @Test("checklist 33: junk inside the data passes every cheap test; the decoder's word is a drop, not the end")
  func junk() throws {
    let jpegs = try Material.jpegs("yuvj420p", width: 160, height: 120, frames: 3)
    var junk = jpegs[1]
    for at in (junk.count / 2)..<(junk.count / 2 + 400) { junk[at] = UInt8(truncatingIfNeeded: at &* 73) | 1 }
    #expect(try JPEGCheck(junk).width == 160)
    let processor = try VideoProcessor(
      format: Material.format(.mjpeg, 160, 120, fullRange: true), settings: VideoSettings())
    let (film, results) = try Material.film(processor, [jpegs[0], junk, jpegs[2]])
    #expect(results.map { $0.drop } == [nil, .decode, nil] && processor.dropped == [.decode: 1])
    #expect(try Material.decoded(film, width: 160, height: 120).count == 2)
  }

  @Test("checklist 34: missing Huffman tables are put in frame by frame, in a stream of both kinds")
  func tables() throws {
    let jpegs = try Material.jpegs("yuvj422p", width: 160, height: 120, frames: 4)
    let mixed = jpegs.enumerated().map { $0 % 2 == 0 ? $1 : Self.withoutTables($1) }
    for mode in VideoSettings.Mode.allCases {
      let processor = try VideoProcessor(
        format: Material.format(.mjpeg, 160, 120, fullRange: true), settings: VideoSettings(mode: mode))
      let (film, results) = try Material.film(processor, mixed)
      #expect(results.allSatisfy { $0.drop == nil } && processor.mended == 2)
      #expect(try Material.decoded(film, pixels: "yuvj420p", width: 160, height: 120).count == 4)
      #expect(try processor.still(Material.frame(mixed[1], 9)).count > mixed[1].count)
    }
  }

  /// The picture without its DHT segments.
  static func withoutTables(_ jpeg: [UInt8]) -> [UInt8] {
    var kept = Array(jpeg[..<2])
    var at = 2
    while jpeg[at + 1] != 0xDA {
      let length = 2 + Int(jpeg[at + 2]) << 8 + Int(jpeg[at + 3])
      if jpeg[at + 1] != 0xC4 { kept += jpeg[at..<at + length] }
      at += length
    }
    return kept + jpeg[at...]
  }
}
