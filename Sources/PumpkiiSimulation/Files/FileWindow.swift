internal import Glibc

/// A window that moves over a file, for parsers that look at single bytes.
struct FileWindow {
  private static let piece = 1 << 18
  let file: SourceFile
  private var bytes: [UInt8] = []
  private var base: UInt64 = 0

  init(_ file: SourceFile) { self.file = file }

  /// The byte at `offset`, nil behind the end.
  mutating func byte(_ offset: UInt64) throws(SimulationError) -> UInt8? {
    if offset < base || offset - base >= UInt64(bytes.count) {
      guard offset < file.size else { return nil }
      base = offset
      bytes = try file.read(at: offset, count: Self.piece)
      if bytes.isEmpty { return nil }
    }
    return bytes[Int(offset - base)]
  }

  /// Two bytes, most significant first.
  mutating func word(_ offset: UInt64) throws(SimulationError) -> Int? {
    guard let high = try byte(offset), let low = try byte(offset + 1) else { return nil }
    return Int(high) << 8 | Int(low)
  }

  /// Where `value` stands next, from `offset` on; nil when nowhere.
  mutating func find(_ value: UInt8, from offset: UInt64) throws(SimulationError) -> UInt64? {
    var at = offset
    while try byte(at) != nil {
      let start = Int(at - base)
      let found = unsafe bytes.withUnsafeBufferPointer { buffer -> Int? in
        guard let first = buffer.baseAddress,
          let hit = unsafe memchr(first + start, Int32(value), buffer.count - start)
        else { return nil }
        return unsafe hit - UnsafeMutableRawPointer(mutating: first)
      }
      if let found { return base + UInt64(found) }
      at = base + UInt64(bytes.count)
    }
    return nil
  }
}
