/// The brightness of a decoded film: a YUV4MPEG2 stream of 8 bits, as ffmpeg writes it.
package struct LumaFilm: Sendable {
  /// The stream is none that we read.
  package struct Unreadable: Error, Equatable, CustomStringConvertible {
    package let description: String
    init(_ description: String) { self.description = description }
  }

  /// Pixels, and so the height.
  package let width: Int
  package let height: Int
  private let bytes: [UInt8]
  /// Where each frame's first luma byte is.
  private let frames: [Int]

  /// - Throws: ``Unreadable`` for a stream without head or size, or with planes other than 4:2:0 or luma alone.
  package init(_ bytes: [UInt8]) throws(Unreadable) {
    guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")), end < 1024 else {
      throw Unreadable("the film has no head")
    }
    let fields = String(decoding: bytes[..<end], as: UTF8.self).split(separator: " ")
    func field(_ letter: Character) -> Substring? { fields.dropFirst().first { $0.first == letter }?.dropFirst() }
    guard fields.first == "YUV4MPEG2", let width = field("W").flatMap({ Int($0) }), width > 0,
      let height = field("H").flatMap({ Int($0) }), height > 0
    else { throw Unreadable("the film states no size") }
    let planes = field("C") ?? "420"
    guard planes.hasPrefix("420") && !planes.contains("p1") || planes == "mono" else {
      throw Unreadable("the film's planes are \(planes), not 4:2:0 of 8 bits")
    }
    let chroma = planes == "mono" ? 0 : (width + 1) / 2 * ((height + 1) / 2) * 2
    var frames: [Int] = []
    var at = end + 1
    while let line = bytes[at...].firstIndex(of: UInt8(ascii: "\n")),
      bytes[at..<line].starts(with: Array("FRAME".utf8)),
      line + 1 + width * height + chroma <= bytes.count
    {
      frames.append(line + 1)
      at = line + 1 + width * height + chroma
    }
    guard at == bytes.count else { throw Unreadable("the film ends within its frame \(frames.count)") }
    (self.width, self.height, self.bytes, self.frames) = (width, height, bytes, frames)
  }

  package var count: Int { frames.count }

  /// The luma plane of a frame.
  package subscript(frame: Int) -> ArraySlice<UInt8> { bytes[frames[frame]..<frames[frame] + width * height] }

  /// How alike two planes of one size are, in dB; 99 for the same.
  package static func likeness(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Double {
    precondition(left.count == right.count, "pictures of one size")
    var sum: UInt64 = 0
    for (one, other) in zip(left, right) {
      let difference = Int32(one) - Int32(other)
      sum += UInt64(difference * difference)
    }
    guard sum > 0 else { return 99 }
    return min(99, 10 * Decibel.log10(255 * 255 * Double(left.count) / Double(sum)))
  }
}
