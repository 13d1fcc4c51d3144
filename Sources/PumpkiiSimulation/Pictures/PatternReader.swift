/// Reads from a decoded picture what ``FrameMark`` a fake camera burnt into it.
public struct PatternReader: Sendable {
  /// The picture's own sides in pixels.
  private let width: Int
  private let height: Int
  /// Bytes from one line to the next.
  private let stride: Int

  /// - Parameter stride: bytes from one line to the next; 0 for none beyond the width.
  public init(width: Int, height: Int, stride: Int = 0) {
    self.width = width
    self.height = height
    self.stride = stride > 0 ? stride : width
  }

  /// The mark in a luma plane, nil when there is none or it cannot be read without doubt. Chroma planes may follow.
  public func read(_ luma: some RandomAccessCollection<UInt8>) -> FrameMark? {
    let side = BlockCode.side(width: width, height: height)
    guard (BlockCode.columns + 2) * side <= width, luma.count >= stride * (height - 1) + width else { return nil }
    let levels = (0..<(BlockCode.columns * BlockCode.rows)).map { index in
      mean(luma, x: (index % BlockCode.columns + 1) * side, y: (index / BlockCode.columns + 1) * side, side: side)
    }
    guard let threshold = threshold(Array(levels[..<BlockCode.columns])) else { return nil }
    return FrameMark(bits: levels[BlockCode.columns...].map { $0 > threshold })
  }

  /// Whether the flash that begins each full second is lit; only ``CameraProfile/Source/pattern`` has one.
  public func isFlash(_ luma: some RandomAccessCollection<UInt8>) -> Bool {
    let flash = PatternPainter.flash(width: width, height: height)
    guard luma.count >= stride * (height - 1) + width else { return false }
    return mean(luma, x: flash.x, y: flash.y, side: flash.side) > 128
  }

  /// Half-way between the reference row's bright and dark blocks; nil when that row is not what it must be.
  private func threshold(_ reference: [Int]) -> Int? {
    let bright = stride(reference, from: 0)
    let dark = stride(reference, from: 1)
    guard let lowest = bright.min(), let highest = dark.max(), lowest - highest > 48 else { return nil }
    return (bright.reduce(0, +) + dark.reduce(0, +)) / reference.count
  }

  private func stride(_ values: [Int], from first: Int) -> [Int] {
    Swift.stride(from: first, to: values.count, by: 2).map { values[$0] }
  }

  /// Of the middle half of a square: its rim is where coders bleed.
  private func mean(_ luma: some RandomAccessCollection<UInt8>, x: Int, y: Int, side: Int) -> Int {
    let inset = side / 4
    var sum = 0
    for row in (y + inset)..<(y + side - inset) {
      let start = luma.index(luma.startIndex, offsetBy: row * stride + x + inset)
      for value in luma[start..<luma.index(start, offsetBy: side - 2 * inset)] { sum += Int(value) }
    }
    return sum / ((side - 2 * inset) * (side - 2 * inset))
  }
}
