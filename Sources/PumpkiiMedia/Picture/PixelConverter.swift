internal import CPumpkiiCodecs
package import PumpkiiCapture

/// Turns one raw layout into 4:2:0 planes; odd sides are cropped to even.
package struct PixelConverter: Sendable {
  /// What comes in.
  package let format: VideoFormat
  /// Even.
  package let width: Int
  /// Even.
  package let height: Int
  private let layout: Int32
  /// Bytes a frame has at least.
  package let frameBytes: Int

  /// - Throws: ``MediaError`` `unsupported` for coded formats and sizes out of range.
  package init(format: VideoFormat) throws(MediaError) {
    guard let layout = Self.layout(of: format.pixels), (2...16384).contains(format.width),
      (2...16384).contains(format.height), (0...131_072).contains(format.bytesPerLine)
    else { throw Self.refusal(format) }
    let count = pk_picture_bytes(layout, Int32(format.width), Int32(format.height), Int32(format.bytesPerLine))
    guard count > 0 else { throw Self.refusal(format) }
    self.format = format
    self.layout = layout
    width = format.width & ~1
    height = format.height & ~1
    frameBytes = count
  }

  /// - Throws: ``MediaError`` `badPicture` when the frame is too short.
  package func convert(_ bytes: [UInt8]) throws(MediaError) -> PlanarImage {
    var image = PlanarImage(width: width, height: height, fullRange: format.fullRange)
    let result = unsafe pk_convert(
      layout, bytes, bytes.count, Int32(format.width), Int32(format.height), Int32(format.bytesPerLine), &image.bytes,
      image.bytes.count)
    guard result == PK_OK else {
      throw MediaError(
        .badPicture, "a frame has \(bytes.count) bytes, not \(frameBytes)", advice: "The frame is left out.")
    }
    return image
  }

  private static func layout(of pixels: VideoFormat.Pixels) -> Int32? {
    switch pixels {
    case .yuv420: Int32(PK_PIXELS_YUV420)
    case .yuv422: Int32(PK_PIXELS_YUV422)
    case .yuv444: Int32(PK_PIXELS_YUV444)
    case .grey: Int32(PK_PIXELS_GREY)
    case .yuyv: Int32(PK_PIXELS_YUYV)
    case .nv12: Int32(PK_PIXELS_NV12)
    case .mjpeg, .h264: nil
    }
  }

  private static func refusal(_ format: VideoFormat) -> MediaError {
    MediaError(
      .unsupported,
      "\(format.pixels.rawValue) of \(format.width)×\(format.height) is no picture, or its lines have no \(format.bytesPerLine) bytes",
      advice: "Choose another format or size in the device's profile.")
  }
}
