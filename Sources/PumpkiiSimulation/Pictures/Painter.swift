internal import PumpkiiMedia

/// Makes the picture of a moment. What it paints depends on the mark alone, so that a test can paint it again.
protocol Painter: AnyObject {
  /// Full range.
  func paint(_ mark: FrameMark) -> PlanarImage
}

extension Painter {
  /// What the camera sees: the painted picture, or black behind a closed shutter.
  func view(_ mark: FrameMark) -> PlanarImage {
    var image = paint(mark)
    if mark.isShut {
      let luma = image.width * image.height
      image.bytes = [UInt8](repeating: 0, count: luma) + [UInt8](repeating: 128, count: luma / 2)
    }
    return image
  }
}
