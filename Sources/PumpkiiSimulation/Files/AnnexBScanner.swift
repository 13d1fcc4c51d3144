internal import PumpkiiMedia

/// Access units of a raw H.264 film.
struct AnnexBScanner: FrameScanner {
  private let file: SourceFile
  private var splitter = AnnexBAccessUnits()
  private var read: UInt64 = 0
  /// Where the next access unit begins; nil until the first start code was seen.
  private var at: UInt64
  private var isAtEnd = false

  /// - Parameter start: where the first start code stands, its zeros included.
  init(_ file: SourceFile, start: UInt64) {
    self.file = file
    at = start
    read = start
  }

  mutating func next() throws(SimulationError) -> Range<UInt64>? {
    while true {
      if let unit = splitter.next() { return take(unit.count) }
      if isAtEnd { return nil }
      let more = try file.read(at: read, count: 1 << 18)
      read += UInt64(more.count)
      if more.isEmpty {
        isAtEnd = true
        if let last = splitter.finish() { return take(last.count) }
        return nil
      }
      splitter.append(more)
      if splitter.discarded > 0 {
        throw SimulationError(
          .sourceDamaged, "\(file.path) has no start code for too long",
          advice: Conversion(path: file.path).film(fps: nil))
      }
    }
  }

  private mutating func take(_ count: Int) -> Range<UInt64> {
    defer { at += UInt64(count) }
    return at..<(at + UInt64(count))
  }
}
