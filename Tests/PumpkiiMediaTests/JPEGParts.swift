import PumpkiiMedia

/// A reader of JPEG and EXIF of the tests' own, so that the cleaner is not judged by its own eyes.
struct JPEGParts {
  /// What an EXIF segment says: numbers of its first directory.
  struct Exif {
    var tags: [Int: Int] = [:]
  }
  struct Broken: Error {}

  /// In order, to the first scan.
  var markers: [UInt8] = []
  var exif: Exif?

  init(_ jpeg: [UInt8]) throws {
    guard jpeg.starts(with: [0xFF, 0xD8]), jpeg.suffix(2) == [0xFF, 0xD9] else { throw Broken() }
    var at = 2
    while at + 4 <= jpeg.count, jpeg[at] == 0xFF {
      let marker = jpeg[at + 1]
      let end = at + 2 + Int(jpeg[at + 2]) << 8 + Int(jpeg[at + 3])
      guard end <= jpeg.count else { throw Broken() }
      markers.append(marker)
      if marker == 0xE1 { exif = try Self.readExif(Array(jpeg[(at + 4)..<end])) }
      if marker == 0xDA { return }
      at = end
    }
    throw Broken()
  }

  private static func readExif(_ body: [UInt8]) throws -> Exif {
    guard body.starts(with: Array("Exif\0\0MM\0*".utf8)) else { throw Broken() }
    let tiff = Array(body[6...])
    func number(_ at: Int, _ count: Int) -> Int { tiff[at..<at + count].reduce(0) { $0 << 8 | Int($1) } }
    let directory = number(4, 4)
    var exif = Exif()
    for entry in 0..<number(directory, 2) {
      let at = directory + 2 + 12 * entry
      exif.tags[number(at, 2)] = number(at + 8, 2)
    }
    return exif
  }

  static func segment(_ marker: UInt8, _ body: [UInt8]) -> [UInt8] {
    [0xFF, marker, UInt8((body.count + 2) >> 8), UInt8((body.count + 2) & 255)] + body
  }

  static func contains(_ bytes: [UInt8], _ word: String) -> Bool {
    let wanted = Array(word.utf8)
    return bytes.indices.dropLast(wanted.count).contains { bytes[$0...].starts(with: wanted) }
  }
}

/// EXIF as a camera writes it, little-endian: orientation, a serial number, a directory of GPS tags, a maker's note.
enum ExifSample {
  /// Bytes of its segment, marker and length included.
  static let length = bytes(orientation: 1).count + 4

  static func bytes(orientation: UInt8) -> [UInt8] {
    func entry(_ tag: UInt16, _ kind: UInt16, _ count: UInt32, _ value: UInt32) -> [UInt8] {
      [UInt8(tag & 255), UInt8(tag >> 8), UInt8(kind), 0] + little(count) + little(value)
    }
    let head = Array("Exif\0\0II".utf8) + [42, 0] + little(8)
    let directory =
      [4, 0] + entry(0x0112, 3, 1, UInt32(orientation)) + entry(0xA431, 2, 17, 62) + entry(0x8825, 4, 1, 79)
      + entry(0x927C, 7, 12, 100) + little(0)
    return head + directory + Array("SECRET-SERIAL-47\0".utf8) + Array("SECRET-GPS 52.5 13.4 ".utf8)
      + Array("SECRET-MAKER".utf8)
  }

  private static func little(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(value >> ($0 * 8) & 255) } }
}
