/// A rectangle of a picture of any size, in thousandths of its width and height.
package struct PictureArea: Sendable, Hashable {
  /// From the left edge.
  package let left: Int
  /// From the upper edge.
  package let top: Int
  /// Thousandths of the picture's width.
  package let width: Int
  /// Thousandths of the picture's height.
  package let height: Int

  /// Nil for a rectangle that is empty or leaves the picture.
  package init?(left: Int, top: Int, width: Int, height: Int) {
    guard (0..<1000).contains(left), (0..<1000).contains(top), (1...1000).contains(width), (1...1000).contains(height),
      left + width <= 1000, top + height <= 1000
    else { return nil }
    self.left = left
    self.top = top
    self.width = width
    self.height = height
  }

  /// The pixels of a picture that the rectangle touches, rounded outward to blocks of `grain` pixels. Reckoned for a
  /// side one pixel longer too, as odd sides lose their last one.
  package func pixels(width side: Int, height other: Int, grain: Int) -> (columns: Range<Int>, rows: Range<Int>) {
    (Self.span(left, width, side, grain), Self.span(top, height, other, grain))
  }

  private static func span(_ from: Int, _ length: Int, _ side: Int, _ grain: Int) -> Range<Int> {
    let begin = from * side / 1000 / grain * grain
    let end = ((from + length) * (side + 1) + 999) / 1000
    return begin..<min((end + grain - 1) / grain * grain, side)
  }
}
