internal import PumpkiiMedia

/// The test picture: colour bars, a grey ramp, a block that crosses once a second, a flash, digits and the block code.
final class PatternPainter: Painter {
  private let background: PlanarImage
  private let canvas: Canvas

  /// Milliseconds the flash is lit after each full second: long enough for three frames at 30 a second.
  static let flashMilliseconds: UInt32 = 100

  /// Sides are even.
  init(width: Int, height: Int) {
    var image = PlanarImage(width: width, height: height, fullRange: true)
    canvas = Canvas(image)
    Self.drawBackground(canvas, &image)
    background = image
  }

  /// Where the flash is: a square below the bars' middle, at the right.
  static func flash(width: Int, height: Int) -> (x: Int, y: Int, side: Int) {
    let side = height / 6 & ~1
    return ((width - side - width / 20) & ~1, (height / 2) & ~1, side)
  }

  func paint(_ mark: FrameMark) -> PlanarImage {
    var image = background
    let lit = mark.milliseconds % 1000 < Self.flashMilliseconds
    let flash = Self.flash(width: canvas.width, height: canvas.height)
    canvas.fill(
      &image.bytes, x: flash.x, y: flash.y, width: flash.side, height: flash.side, luma: lit ? 255 : 0)
    drawRunner(mark, &image)
    drawDigits(mark, &image)
    // Last, so that in the smallest pictures it is the digits that suffer.
    BlockCode.draw(mark, into: &image)
    return image
  }

  /// Crosses the picture from left to right each second.
  private func drawRunner(_ mark: FrameMark, _ image: inout PlanarImage) {
    let side = canvas.height / 16 & ~1
    let x = (canvas.width - side) * Int(mark.milliseconds % 1000) / 1000 & ~1
    canvas.fill(
      &image.bytes, x: x, y: canvas.height * 7 / 8 & ~1, width: side, height: side, luma: 235, u: 90, v: 180)
  }

  /// `seconds.milliseconds` for people.
  private func drawDigits(_ mark: FrameMark, _ image: inout PlanarImage) {
    let dot = max(canvas.height / 120 & ~1, 2)
    let thousandths = String(mark.milliseconds % 1000 + 1000).dropFirst()
    let text = "\(mark.milliseconds / 1000).\(thousandths)"
    var x = canvas.width / 20 & ~1
    let y = canvas.height / 2 & ~1
    canvas.fill(
      &image.bytes, x: x - dot, y: y - dot, width: (text.count * 4 + 1) * dot, height: 7 * dot, luma: 16)
    for character in text {
      for (index, isLit) in DotFont.glyph(character).enumerated() where isLit {
        canvas.fillLuma(
          &image.bytes, x: x + index % 3 * dot, y: y + index / 3 * dot, width: dot, height: dot, luma: 235)
      }
      x += 4 * dot
    }
  }

  private static func drawBackground(_ canvas: Canvas, _ image: inout PlanarImage) {
    // 75 % bars of BT.601 in full range.
    let bars: [(luma: UInt8, u: UInt8, v: UInt8)] = [
      (191, 128, 128), (169, 32, 143), (134, 160, 32), (112, 65, 48), (79, 191, 208), (57, 96, 224), (22, 224, 113),
      (0, 128, 128),
    ]
    let split = canvas.height * 3 / 4 & ~1
    for (index, bar) in bars.enumerated() {
      let x = canvas.width * index / bars.count & ~1
      let end = canvas.width * (index + 1) / bars.count & ~1
      canvas.fill(
        &image.bytes, x: x, y: 0, width: end - x, height: split, luma: bar.luma, u: bar.u, v: bar.v)
    }
    for step in 0..<32 {
      let x = canvas.width * step / 32 & ~1
      let end = canvas.width * (step + 1) / 32 & ~1
      canvas.fill(
        &image.bytes, x: x, y: split, width: end - x, height: canvas.height - split, luma: UInt8(step * 255 / 31))
    }
  }
}

/// Digits of three by five dots.
private enum DotFont {
  private static let glyphs: [Character: [UInt8]] = [
    "0": [7, 5, 5, 5, 7], "1": [2, 6, 2, 2, 7], "2": [7, 1, 7, 4, 7], "3": [7, 1, 7, 1, 7], "4": [5, 5, 7, 1, 1],
    "5": [7, 4, 7, 1, 7], "6": [7, 4, 7, 5, 7], "7": [7, 1, 1, 2, 2], "8": [7, 5, 7, 5, 7], "9": [7, 5, 7, 1, 7],
    ".": [0, 0, 0, 0, 2],
  ]

  /// 15 dots, line by line.
  static func glyph(_ character: Character) -> [Bool] {
    (glyphs[character] ?? [0, 0, 0, 0, 0]).flatMap { row in [row & 4 != 0, row & 2 != 0, row & 1 != 0] }
  }
}
