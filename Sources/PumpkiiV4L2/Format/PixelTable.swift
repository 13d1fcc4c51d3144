internal import CPumpkiiV4L2
internal import PumpkiiCapture

/// What is known of V4L2's pixel formats.
enum PixelTable {
  /// Those we take as they are; several planes of memory are joined.
  static func pixels(of fourcc: UInt32) -> VideoFormat.Pixels? {
    switch fourcc {
    case PK_FOURCC_MJPEG, PK_FOURCC_JPEG: .mjpeg
    case PK_FOURCC_H264: .h264
    case PK_FOURCC_YUYV: .yuyv
    case PK_FOURCC_NV12, PK_FOURCC_NV12M: .nv12
    case PK_FOURCC_YUV420, PK_FOURCC_YUV420M: .yuv420
    case PK_FOURCC_YUV422P: .yuv422
    case PK_FOURCC_YUV444M: .yuv444
    case PK_FOURCC_GREY: .grey
    default: nil
    }
  }

  /// Planes of memory.
  static func planes(of fourcc: UInt32) -> Int {
    switch fourcc {
    case PK_FOURCC_NV12M: 2
    case PK_FOURCC_YUV420M, PK_FOURCC_YUV444M: 3
    default: 1
    }
  }

  /// Those that libv4lconvert turns into YUV 4:2:0; the names are V4L2's codes. Bayer of more than 8 bits is missing:
  /// it comes from bare sensors, whose pictures need more than a conversion.
  private static let convertible: Set<String> = [
    "YVYU", "UYVY", "YV12", "RGB3", "BGR3", "RGBP", "Y16 ", "Y10B",
    "BA81", "GBRG", "GRBG", "RGGB", "S501", "S505", "S508", "S561", "SONX", "S910", "S920", "P207", "M310",
    "JPGL", "PJPG", "CPIA", "HM12", "NV16", "NV61", "KONI", "SQ905",
  ]

  /// True where ``Converter`` can make something of it.
  static func isConvertible(_ fourcc: UInt32) -> Bool {
    pixels(of: fourcc) == nil && convertible.contains(name(of: fourcc))
  }

  /// `MJPG`; what is not printable becomes `?`.
  static func name(of fourcc: UInt32) -> String {
    let bytes = (0..<4).map { UInt8(truncatingIfNeeded: fourcc >> (8 * $0)) & 0x7F }
    return String(decoding: bytes.map { $0 < 0x20 || $0 == 0x7F ? UInt8(ascii: "?") : $0 }, as: UTF8.self)
  }
}
