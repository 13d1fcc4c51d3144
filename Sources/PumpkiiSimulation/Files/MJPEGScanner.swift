/// Pictures in a raw motion JPEG film, by their marker chains: a thumbnail inside a picture is no frame.
struct MJPEGScanner: FrameScanner {
  private var window: FileWindow
  private var at: UInt64 = 0

  init(_ file: SourceFile) { window = FileWindow(file) }

  mutating func next() throws(SimulationError) -> Range<UInt64>? {
    guard let start = try findStart(from: at) else { return nil }
    guard let end = try findEnd(from: start + 2) else { return nil }
    at = end
    return start..<end
  }

  /// SOI and the marker that must follow it.
  private mutating func findStart(from offset: UInt64) throws(SimulationError) -> UInt64? {
    var from = offset
    while let found = try window.find(0xFF, from: from) {
      if try window.byte(found + 1) == 0xD8, try window.byte(found + 2) == 0xFF { return found }
      from = found + 1
    }
    return nil
  }

  /// Behind EOI; where the chain is broken, before the next SOI: a damaged frame is handed out as it is.
  private mutating func findEnd(from offset: UInt64) throws(SimulationError) -> UInt64? {
    var from = offset
    while let byte = try window.byte(from) {
      guard byte == 0xFF, let marker = try window.byte(from + 1) else { return try findStart(from: from) }
      switch marker {
      case 0xFF: from += 1
      case 0xD9: return from + 2
      case 0xD8: return from
      case 0x01, 0xD0...0xD7: from += 2
      default:
        guard let length = try window.word(from + 2), length >= 2 else { return try findStart(from: from + 2) }
        from += UInt64(2 + length)
        if marker == 0xDA { from = try skipScan(from: from) ?? from }
      }
    }
    return nil
  }

  /// To the next marker that is neither a stuffed byte nor a restart.
  private mutating func skipScan(from offset: UInt64) throws(SimulationError) -> UInt64? {
    var from = offset
    while let found = try window.find(0xFF, from: from) {
      guard let next = try window.byte(found + 1) else { return nil }
      if next != 0, next != 0xFF, !(0xD0...0xD7).contains(next) { return found }
      from = found + (next == 0xFF ? 1 : 2)
    }
    return window.file.size
  }
}
