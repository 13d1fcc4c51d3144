internal import CPumpkiiV4L2
internal import Glibc
internal import PumpkiiCapture

/// How the planes of a raw picture lie, at the camera's side and at the encoder's.
struct RawLayout: Equatable {
  /// One plane of samples.
  struct Plane: Equatable {
    /// Bytes of a line that count.
    var bytes: Int
    /// Lines.
    var lines: Int
    /// Bytes from one line to the next.
    var stride: Int
    /// Which memory it lies in.
    var memory: Int
    /// Where in it.
    var offset: Int

    var end: Int { offset + stride * max(lines - 1, 0) + bytes }
  }

  var planes: [Plane]

  /// Layouts of ours that an encoder may take; several planes of memory mean the same samples.
  static func pixels(_ fourcc: UInt32) -> VideoFormat.Pixels? {
    switch fourcc {
    case PK_FOURCC_NV12, PK_FOURCC_NV12M: .nv12
    case PK_FOURCC_YUV420, PK_FOURCC_YUV420M: .yuv420
    case PK_FOURCC_YUYV: .yuyv
    case PK_FOURCC_YUV422P: .yuv422
    case PK_FOURCC_GREY: .grey
    default: nil
    }
  }

  /// V4L2's format for a layout in one plane of memory, then the one in several.
  static func fourccs(_ pixels: VideoFormat.Pixels) -> [UInt32] {
    switch pixels {
    case .nv12: [PK_FOURCC_NV12, PK_FOURCC_NV12M]
    case .yuv420: [PK_FOURCC_YUV420, PK_FOURCC_YUV420M]
    case .yuyv: [PK_FOURCC_YUYV]
    case .yuv422: [PK_FOURCC_YUV422P]
    case .grey: [PK_FOURCC_GREY]
    case .mjpeg, .h264, .yuv444: []
    }
  }

  /// The camera's picture: all planes in one memory, one after the other.
  /// - Parameter stride: bytes a line of the first plane, 0 for no padding.
  init?(_ pixels: VideoFormat.Pixels, width: Int, height: Int, stride: Int) {
    self.init(pixels, width: width, height: height, memory: [stride], lines: height)
  }

  /// The encoder's picture.
  /// - Parameters:
  ///   - memory: bytes a line of each plane of memory, as the driver answered.
  ///   - lines: of the first plane, padding included.
  init?(_ pixels: VideoFormat.Pixels, width: Int, height: Int, memory: [Int], lines: Int) {
    guard let shapes = Self.shapes(pixels, width: width, height: height), let first = memory.first,
      memory.count == 1 || memory.count == shapes.count, lines >= height
    else { return nil }
    let stride = max(first, shapes[0].bytes)
    var at = 0
    planes = []
    for (number, shape) in shapes.enumerated() {
      let own = number == 0 ? stride : max(stride / shape.share, shape.bytes)
      guard memory.count == 1 else {
        let separate = max(memory[number], shape.bytes)
        planes.append(Plane(bytes: shape.bytes, lines: shape.lines, stride: separate, memory: number, offset: 0))
        continue
      }
      planes.append(Plane(bytes: shape.bytes, lines: shape.lines, stride: own, memory: 0, offset: at))
      at += own * (shape.lines * lines / max(height, 1))
    }
  }

  /// Bytes a picture has at least in each memory.
  var needed: [Int] {
    (0...(planes.map(\.memory).max() ?? 0)).map { memory in
      planes.filter { $0.memory == memory }.map(\.end).max() ?? 0
    }
  }

  /// Copies a picture line by line into the encoder's memory.
  /// - Returns: false when either side is too short.
  func copy(_ bytes: [UInt8], into target: RawLayout, _ memories: [EncoderMapping]) -> Bool {
    guard target.planes.count == planes.count, bytes.count >= needed[0], target.needed.count == memories.count,
      zip(target.needed, memories).allSatisfy({ $0 <= $1.length })
    else { return false }
    return unsafe bytes.withUnsafeBytes { source in
      guard let from = source.baseAddress else { return false }
      for (own, other) in zip(planes, target.planes) {
        let into = unsafe memories[other.memory].address
        if own.stride == other.stride {
          unsafe memcpy(into + other.offset, from + own.offset, own.end - own.offset)
          continue
        }
        for line in 0..<own.lines {
          unsafe memcpy(into + other.offset + line * other.stride, from + own.offset + line * own.stride, own.bytes)
        }
      }
      return true
    }
  }

  /// Bytes and lines of each plane, and by how much its lines are shorter than the first's.
  private static func shapes(
    _ pixels: VideoFormat.Pixels, width: Int, height: Int
  ) -> [(bytes: Int, lines: Int, share: Int)]? {
    guard width >= 2, height >= 2, (width | height) & 1 == 0, width <= 16384, height <= 16384 else { return nil }
    switch pixels {
    case .nv12: return [(width, height, 1), (width, height / 2, 1)]
    case .yuv420: return [(width, height, 1), (width / 2, height / 2, 2), (width / 2, height / 2, 2)]
    case .yuv422: return [(width, height, 1), (width / 2, height, 2), (width / 2, height, 2)]
    case .yuyv: return [(width * 2, height, 1)]
    case .grey: return [(width, height, 1)]
    case .mjpeg, .h264, .yuv444: return nil
    }
  }
}
