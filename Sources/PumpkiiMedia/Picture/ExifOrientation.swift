/// How a picture is to be turned (EXIF tag 0x0112), read out of a stranger's EXIF and written alone into ours.
enum ExifOrientation {
  private static let tag: UInt16 = 0x0112
  private static let head = Array("Exif\0\0".utf8)

  /// - Parameter body: of an APP1 segment.
  /// - Returns: 2 to 8; nil where there is none, or the picture stands upright.
  static func read(_ body: ArraySlice<UInt8>) -> UInt16? {
    guard body.starts(with: head), body.count >= head.count + 8 else { return nil }
    let tiff = Array(body.dropFirst(head.count))
    let isLittle = tiff.starts(with: [0x49, 0x49, 42, 0])
    guard isLittle || tiff.starts(with: [0x4D, 0x4D, 0, 42]) else { return nil }
    func number(_ at: Int, _ count: Int) -> Int? {
      guard at >= 0, at + count <= tiff.count else { return nil }
      let bytes = tiff[at..<at + count]
      return (isLittle ? Array(bytes.reversed()) : Array(bytes)).reduce(0) { $0 << 8 | Int($1) }
    }
    guard let directory = number(4, 4), let entries = number(directory, 2) else { return nil }
    for entry in 0..<entries {
      let at = directory + 2 + entry * 12
      guard let found = number(at, 2), let kind = number(at + 2, 2), let value = number(at + 8, 2) else { return nil }
      if found == Int(tag) { return kind == 3 && (2...8).contains(value) ? UInt16(value) : nil }
    }
    return nil
  }

  /// An APP1 segment with one entry and nothing else.
  static func segment(_ orientation: UInt16) -> [UInt8] {
    var writer = BoxWriter()
    writer.write(UInt16(0xFFE1))
    writer.write(UInt16(2 + head.count + 26))
    writer.write(head)
    writer.write([0x4D, 0x4D, 0, 42])
    writer.write(UInt32(8))
    writer.write(UInt16(1))
    writer.write(tag)
    writer.write(UInt16(3))
    writer.write(UInt32(1))
    writer.write(orientation)
    writer.write(UInt16(0))
    writer.write(UInt32(0))
    return writer.bytes
  }
}
