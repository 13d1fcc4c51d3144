import PumpkiiCapture
import PumpkiiMedia

/// Pictures that are the same but for what lies under a mask: whoever gets them masked cannot tell them apart, byte for
/// byte, and whoever can has seen a masked pixel.
struct SecretPicture {
  /// No side lies on a block of any codec.
  static let area = PictureArea(left: 263, top: 317, width: 401, height: 288)
  static var masks: PrivacyMasks { PrivacyMasks([area].compactMap { $0 }) }

  let width: Int
  let height: Int
  private let image: PlanarImage

  /// - Parameters:
  ///   - secret: other noise under the mask.
  ///   - moment: other pictures around it.
  init(_ width: Int, _ height: Int, secret: UInt64, moment: Int = 0) {
    self.width = width
    self.height = height
    var dice = Dice(state: secret)
    // Even sides that hold the picture; an odd one repeats its last line and column.
    var made = PlanarImage(width: width + 1, height: height + 1, fullRange: true)
    let (columns, rows) = (made.width, made.height)
    let hidden = Self.area?.pixels(width: width, height: height, grain: 2) ?? (columns: 0..<0, rows: 0..<0)
    var bytes = made.bytes
    for y in 0..<rows {
      for x in 0..<columns {
        let isHidden = hidden.columns.contains(x) && hidden.rows.contains(y)
        bytes[y * columns + x] = isHidden ? UInt8(dice.next() & 255) : UInt8(60 + (x * 3 + y * 2 + moment * 5) % 128)
      }
    }
    for plane in 0..<2 {
      for y in 0..<rows / 2 {
        for x in 0..<columns / 2 {
          let isHidden = hidden.columns.contains(2 * x) && hidden.rows.contains(2 * y)
          let at = columns * rows + plane * columns * rows / 4 + y * columns / 2 + x
          bytes[at] = isHidden ? UInt8(dice.next() & 255) : UInt8(100 + (x + y + plane * 20) % 40)
        }
      }
    }
    made.bytes = bytes
    image = made
  }

  /// As a camera of this format gives it.
  func bytes(_ pixels: VideoFormat.Pixels) throws -> [UInt8] {
    let columns = image.width
    let (u, v) = (columns * image.height, columns * image.height * 5 / 4)
    let luma = { (x: Int, y: Int) in image.bytes[y * columns + x] }
    var packed: [UInt8] = []
    switch pixels {
    case .mjpeg:
      let even = try required(
        PlanarImage(width: width & ~1, height: height & ~1, fullRange: true, bytes: cropped(width & ~1, height & ~1)))
      return try JPEGEncoder(quality: 95).encode(even)
    case .yuyv:
      for y in 0..<height {
        for x in stride(from: 0, to: width + width % 2, by: 2) {
          let at = y / 2 * columns / 2 + x / 2
          packed += [luma(x, y), image.bytes[u + at], luma(x + 1, y), image.bytes[v + at]]
        }
      }
      return packed
    case .nv12:
      for y in 0..<height { packed += image.bytes[y * columns..<y * columns + width] }
      for y in 0..<(height + 1) / 2 {
        for x in 0..<(width + 1) / 2 {
          packed += [image.bytes[u + y * columns / 2 + x], image.bytes[v + y * columns / 2 + x]]
        }
      }
      return packed
    default: throw Missing()
    }
  }

  private func cropped(_ width: Int, _ height: Int) -> [UInt8] {
    let columns = image.width
    var bytes: [UInt8] = []
    for y in 0..<height { bytes += image.bytes[y * columns..<y * columns + width] }
    for plane in 0..<2 {
      let from = columns * image.height + plane * columns * image.height / 4
      for y in 0..<height / 2 {
        let line = from + y * columns / 2
        bytes += image.bytes[line..<line + width / 2]
      }
    }
    return bytes
  }

  /// The mean of luma where the mask lies, and of the rest; of a picture that somebody decoded.
  static func means(_ luma: some RandomAccessCollection<UInt8>, width: Int, height: Int) -> (under: Int, beside: Int) {
    let bytes = Array(luma)
    let hidden = area?.pixels(width: width, height: height, grain: 1) ?? (columns: 0..<0, rows: 0..<0)
    var (under, beside, count) = (0, 0, 0)
    for y in 0..<height {
      for x in 0..<width {
        if hidden.columns.contains(x), hidden.rows.contains(y) {
          under += Int(bytes[y * width + x])
          count += 1
        } else {
          beside += Int(bytes[y * width + x])
        }
      }
    }
    return (under / max(count, 1), beside / max(width * height - count, 1))
  }
}
