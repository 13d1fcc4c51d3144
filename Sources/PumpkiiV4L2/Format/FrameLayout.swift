internal import PumpkiiCapture

/// How a driver's planes of memory become the bytes of a frame.
struct FrameLayout: Equatable {
  /// What is copied.
  enum Way: Equatable {
    /// As many bytes as the driver says.
    case coded
    /// So many bytes of each plane, one after the other.
    case planes([Int])
    /// Rows without their padding, as the planes' lines do not fit together.
    case rows([Rows])
    /// Through libv4lconvert.
    case converted
  }
  /// Rows of a plane.
  struct Rows: Equatable {
    var bytes: Int
    var stride: Int
    var count: Int
  }

  let format: VideoFormat
  let way: Way
  /// Bytes of a whole frame; 0 where it is coded.
  let total: Int
  /// Bytes that each plane must have, or the frame is short.
  let needed: [Int]

  /// nil where the pixel format is not known here, or the answer makes no sense.
  init?(_ answer: NodeFormat, rate: VideoFormat.Ratio) {
    let isConverted = PixelTable.isConvertible(answer.fourcc)
    guard let pixels = isConverted ? .yuv420 : PixelTable.pixels(of: answer.fourcc),
      (2...16384).contains(answer.width), (2...16384).contains(answer.height), let first = answer.planes.first
    else { return nil }
    var format = VideoFormat(
      pixels: pixels, width: answer.width, height: answer.height, rate: rate,
      fullRange: pixels == .mjpeg || answer.isFullRange)
    let shapes = Self.shapes(pixels, answer.width, answer.height)
    let tight = shapes.map { $0.bytes * $0.count }
    if pixels.isCompressed {
      (way, total, needed) = (.coded, 0, [])
    } else if isConverted {
      format.width &= ~1
      format.height &= ~1
      (way, total, needed) = (.converted, format.width * format.height * 3 / 2, [])
    } else if answer.planes.count == 1 {
      // A stride that is smaller than a line is none.
      let stride = max(first.bytesPerLine, shapes[0].bytes)
      let strides = Self.strides(pixels, shapes, luma: stride)
      let whole = zip(strides, shapes).reduce(0) { $0 + $1.0 * $1.1.count }
      format.bytesPerLine = stride == shapes[0].bytes ? 0 : stride
      (way, total, needed) = (.planes([whole]), whole, [whole])
    } else {
      guard answer.planes.count == shapes.count else { return nil }
      let strides = zip(answer.planes, shapes).map { max($0.bytesPerLine, $1.bytes) }
      let sizes = zip(strides, shapes).map { $0 * $1.count }
      needed = sizes
      if strides == Self.strides(pixels, shapes, luma: strides[0]) {
        format.bytesPerLine = strides[0] == shapes[0].bytes ? 0 : strides[0]
        (way, total) = (.planes(sizes), sizes.reduce(0, +))
      } else {
        way = .rows(zip(strides, shapes).map { Rows(bytes: $1.bytes, stride: $0, count: $1.count) })
        total = tight.reduce(0, +)
      }
    }
    self.format = format
  }

  /// Bytes and number of lines of each plane of a picture, without padding.
  private static func shapes(_ pixels: VideoFormat.Pixels, _ width: Int, _ height: Int) -> [(bytes: Int, count: Int)] {
    let half = (width: (width + 1) / 2, height: (height + 1) / 2)
    return switch pixels {
    case .mjpeg, .h264: [(0, 0)]
    case .yuyv: [(half.width * 4, height)]
    case .grey: [(width, height)]
    case .nv12: [(width, height), (half.width * 2, half.height)]
    case .yuv420: [(width, height), (half.width, half.height), (half.width, half.height)]
    case .yuv422: [(width, height), (half.width, height), (half.width, height)]
    case .yuv444: [(width, height), (width, height), (width, height)]
    }
  }

  /// Bytes a line of each plane where they follow from the first, as V4L2 has it for planes in one piece of memory.
  private static func strides(
    _ pixels: VideoFormat.Pixels, _ shapes: [(bytes: Int, count: Int)], luma: Int
  ) -> [Int] {
    guard luma != shapes[0].bytes else { return shapes.map(\.bytes) }
    return shapes.indices.map { plane in
      if plane == 0 { return luma }
      return pixels == .yuv420 || pixels == .yuv422 ? (luma + 1) / 2 : luma
    }
  }
}
