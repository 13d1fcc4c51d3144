internal import PumpkiiMedia

/// Rectangles in a picture's planes.
struct Canvas {
  let width: Int
  let height: Int

  init(_ image: PlanarImage) {
    width = image.width
    height = image.height
  }

  /// A rectangle of one grey or colour; sides even.
  func fill(
    _ bytes: inout [UInt8], x: Int, y: Int, width w: Int, height h: Int, luma: UInt8, u: UInt8 = 128, v: UInt8 = 128
  ) {
    fillLuma(&bytes, x: x, y: y, width: w, height: h, luma: luma)
    let plane = width * height
    let (cx, cy, cw, ch) = (x / 2, y / 2, w / 2, h / 2)
    fillPlane(&bytes, offset: plane, stride: width / 2, x: cx, y: cy, width: cw, height: ch, value: u)
    fillPlane(&bytes, offset: plane + plane / 4, stride: width / 2, x: cx, y: cy, width: cw, height: ch, value: v)
  }

  func fillLuma(_ bytes: inout [UInt8], x: Int, y: Int, width w: Int, height h: Int, luma: UInt8) {
    fillPlane(&bytes, offset: 0, stride: width, x: x, y: y, width: w, height: h, value: luma)
  }

  /// Through a pointer: element by element, a debug build would be too slow to play.
  private func fillPlane(
    _ bytes: inout [UInt8], offset: Int, stride: Int, x: Int, y: Int, width: Int, height: Int, value: UInt8
  ) {
    guard width > 0, height > 0, x >= 0, y >= 0, x + width <= stride,
      offset + (y + height) * stride <= bytes.count
    else { return }
    unsafe bytes.withUnsafeMutableBufferPointer { buffer in
      for row in y..<(y + height) {
        let start = offset + row * stride + x
        unsafe buffer[start..<(start + width)].update(repeating: value)
      }
    }
  }
}
