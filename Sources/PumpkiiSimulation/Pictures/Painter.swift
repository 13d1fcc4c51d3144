internal import PumpkiiMedia

/// Makes the picture of a moment. What it paints depends on the mark alone, so that a test can paint it again.
protocol Painter: AnyObject {
  /// Full range.
  func paint(_ mark: FrameMark) -> PlanarImage
}
