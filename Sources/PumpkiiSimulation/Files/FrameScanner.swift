/// Finds the frames of a film one after the other.
protocol FrameScanner {
  /// The bytes of the next frame, nil at the end of the film.
  mutating func next() throws(SimulationError) -> Range<UInt64>?
}

/// A film as an endless row of frames. It is searched only as far as somebody has asked, so that opening is quick.
struct LoopingFilm {
  /// Larger than any frame of a film that a fake should play.
  private static let largestFrame: UInt64 = 64 << 20
  private let file: SourceFile
  private var scanner: any FrameScanner
  private var frames: [Range<UInt64>] = []
  private var isComplete = false

  init(_ file: SourceFile, _ scanner: any FrameScanner) {
    self.file = file
    self.scanner = scanner
  }

  /// The bytes of frame `index`, counted on through all rounds.
  /// - Throws: ``SimulationError`` when the film is unreadable or has no frame.
  mutating func frame(_ index: UInt64) throws(SimulationError) -> [UInt8] {
    while !isComplete, index >= UInt64(frames.count) {
      if let next = try scanner.next() {
        guard next.upperBound - next.lowerBound <= Self.largestFrame else { throw damaged("has a frame too large") }
        frames.append(next)
      } else {
        isComplete = true
      }
    }
    guard !frames.isEmpty else { throw damaged("has no whole frame") }
    let range = frames[Int(index % UInt64(frames.count))]
    return try file.read(at: range.lowerBound, count: Int(range.upperBound - range.lowerBound))
  }

  private func damaged(_ what: String) -> SimulationError {
    SimulationError(.sourceDamaged, "\(file.path) \(what)", advice: Conversion(path: file.path).film(fps: nil))
  }
}
