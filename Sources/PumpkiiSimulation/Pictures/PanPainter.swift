internal import Glibc
internal import PumpkiiMedia

/// A view that wanders over a photograph and zooms: the texture and the motion of a real camera from one decoded JPEG.
final class PanPainter: Painter {
  private let photograph: PlanarImage
  private let burnIn: Bool
  private var scaler: PlaneScaler
  private let width: Int
  private let height: Int

  /// - Parameter photograph: full range, as JPEG is.
  init(photograph: PlanarImage, width: Int, height: Int, burnIn: Bool) {
    self.photograph = photograph
    self.burnIn = burnIn
    self.width = width
    self.height = height
    scaler = PlaneScaler()
  }

  func paint(_ mark: FrameMark) -> PlanarImage {
    var image = PlanarImage(width: width, height: height, fullRange: true)
    let view = view(at: Double(mark.milliseconds) / 1000)
    let (from, to) = (photograph.width * photograph.height, width * height)
    scaler.scale(
      photograph.bytes, .init(offset: 0, width: photograph.width, height: photograph.height), view, &image.bytes,
      .init(offset: 0, width: width, height: height))
    let half = PlaneScaler.View(x: view.x / 2, y: view.y / 2, width: view.width / 2, height: view.height / 2)
    for plane in 0..<2 {
      scaler.scale(
        photograph.bytes,
        .init(offset: from + plane * from / 4, width: photograph.width / 2, height: photograph.height / 2), half,
        &image.bytes, .init(offset: to + plane * to / 4, width: width / 2, height: height / 2))
    }
    if burnIn { BlockCode.draw(mark, into: &image) }
    return image
  }

  /// Slow sines with periods that do not divide one another: about 40 pixels a second at most, never at rest.
  private func view(at seconds: Double) -> PlaneScaler.View {
    let (w, h) = (Double(photograph.width), Double(photograph.height))
    let zoom = 1.35 + 0.2 * sin(seconds * 2 * .pi / 17)
    let fit = min(w / Double(width), h / Double(height)) / zoom
    let (viewWidth, viewHeight) = (Double(width) * fit, Double(height) * fit)
    let x = (w - viewWidth) * (0.5 + 0.45 * sin(seconds * 2 * .pi / 13 + 0.4))
    let y = (h - viewHeight) * (0.5 + 0.45 * sin(seconds * 2 * .pi / 9))
    return PlaneScaler.View(x: x, y: y, width: viewWidth, height: viewHeight)
  }
}
