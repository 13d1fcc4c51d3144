internal import PumpkiiMedia

/// The block code in the upper left corner: a row of alternating blocks to find and measure it, then five rows of 16
/// bits.
///
/// Blocks are multiples of eight pixels and lie on that grid, so that the transforms of JPEG and H.264 see flat blocks
/// and keep them at any bitrate that still shows a picture.
enum BlockCode {
  static let columns = 16
  static let rows = 6
  static let payloadBits = columns * (rows - 1)
  static let dark: UInt8 = 24
  static let bright: UInt8 = 232
  private static let margin: UInt8 = 128

  /// Pixels of a block's side in a picture of this size.
  static func side(width: Int, height: Int) -> Int { width >= 640 && height >= 600 ? 16 : 8 }

  /// Whether the block of a payload-carrying grid is bright.
  static func grid(_ mark: FrameMark) -> [Bool] { (0..<columns).map { $0 % 2 == 0 } + mark.bits }

  /// Draws a mark with a grey margin of one block; colour is taken out beneath it.
  static func draw(_ mark: FrameMark, into image: inout PlanarImage) {
    let side = side(width: image.width, height: image.height)
    let (width, height) = ((columns + 2) * side, (rows + 2) * side)
    guard width <= image.width, height <= image.height else { return }
    let canvas = Canvas(image)
    canvas.fill(&image.bytes, x: 0, y: 0, width: width, height: height, luma: margin)
    for (index, isBright) in grid(mark).enumerated() {
      canvas.fillLuma(
        &image.bytes, x: (index % columns + 1) * side, y: (index / columns + 1) * side, width: side, height: side,
        luma: isBright ? bright : dark)
    }
  }
}
