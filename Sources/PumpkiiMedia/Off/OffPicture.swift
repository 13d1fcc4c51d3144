/// What is shown in place of a camera's picture while nothing of it may be shown: a camera struck through and a few
/// words. It is drawn, of nothing that a sensor ever gave.
package enum OffPicture {
  private static let ground: UInt8 = 40
  private static let ink: UInt8 = 200

  /// - Parameters:
  ///   - words: of letters, digits, `.` and `-`; left out where they do not fit.
  package static func image(width: Int, height: Int, words: String) -> PlanarImage {
    var canvas = Canvas(width: min(max(width, 16), 16384), height: min(max(height, 16), 16384), ground)
    let side = min(canvas.width, canvas.height)
    let (x, y) = (canvas.width / 2, canvas.height * 2 / 5)
    let stroke = max(side / 48, 1)
    // A body with a lens, struck through from corner to corner.
    canvas.fill(x - side / 5, y - side / 8, x + side / 5, y + side / 8, ink)
    canvas.fill(x - side / 5 + stroke, y - side / 8 + stroke, x + side / 5 - stroke, y + side / 8 - stroke, ground)
    canvas.disc(x, y, side / 11, ink)
    canvas.disc(x, y, side / 11 - stroke, ground)
    for step in -side / 4...side / 4 {
      let (left, top) = (x + step - stroke, y + step * 3 / 4 - stroke)
      canvas.fill(left, top, left + 2 * stroke, top + 2 * stroke, ink)
    }
    canvas.write(words.uppercased(), middle: x, top: canvas.height * 7 / 10, most: side / 60 + 1, ink)
    return canvas.image
  }
}

/// A grey picture that shapes are drawn into; what lies outside is left out.
private struct Canvas {
  private(set) var image: PlanarImage
  var width: Int { image.width }
  var height: Int { image.height }

  init(width: Int, height: Int, _ ground: UInt8) {
    image = PlanarImage(width: width, height: height, fullRange: true)
    fill(0, 0, self.width, self.height, ground)
  }

  mutating func fill(_ left: Int, _ top: Int, _ right: Int, _ bottom: Int, _ luma: UInt8) {
    let (from, to) = (min(max(left, 0), width), min(max(right, 0), width))
    for row in max(top, 0)..<max(min(bottom, height), max(top, 0)) where from < to {
      for at in row * width + from..<row * width + to { image.bytes[at] = luma }
    }
  }

  mutating func disc(_ x: Int, _ y: Int, _ radius: Int, _ luma: UInt8) {
    guard radius > 0 else { return }
    for row in -radius...radius {
      var half = radius
      while half * half + row * row > radius * radius { half -= 1 }
      fill(x - half, y + row, x + half + 1, y + row + 1, luma)
    }
  }

  mutating func write(_ words: String, middle: Int, top: Int, most: Int, _ luma: UInt8) {
    let letters = Array(words.prefix(40))
    let dots = letters.count * BitmapText.advance
    let scale = min(most, width / max(dots + 2, 1), (height - top) / (BitmapText.glyphHeight + 1))
    guard scale > 0 else { return }
    let left = middle - dots * scale / 2
    for (number, letter) in letters.enumerated() {
      for (row, bits) in BitmapText.rows(of: letter).enumerated() {
        for column in 0..<BitmapText.glyphWidth where bits >> UInt8(BitmapText.glyphWidth - 1 - column) & 1 == 1 {
          let (x, y) = (left + (number * BitmapText.advance + column) * scale, top + row * scale)
          fill(x, y, x + scale, y + scale, luma)
        }
      }
    }
  }
}
