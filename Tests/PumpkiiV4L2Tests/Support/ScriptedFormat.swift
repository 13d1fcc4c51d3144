import CPumpkiiV4L2

/// One pixel format of a scripted camera.
struct ScriptedFormat {
  struct Size {
    var width: UInt32
    var height: UInt32
    /// Frames per second.
    var rates: [UInt32]
    init(_ width: UInt32, _ height: UInt32, _ rates: [UInt32] = [30]) {
      self.width = width
      self.height = height
      self.rates = rates
    }
  }
  enum Sizes {
    case discrete([Size])
    case stepwise(least: (UInt32, UInt32), most: (UInt32, UInt32), step: (UInt32, UInt32), isContinuous: Bool)
    case unlisted
  }
  var fourcc: UInt32
  var sizes: Sizes
  /// Lines are a multiple of this many bytes.
  var alignment: UInt32 = 1
  /// Bytes of a coded picture.
  var codedSize: Int = 1000

  static func mjpeg(_ sizes: [Size] = [Size(1280, 720)]) -> Self {
    Self(fourcc: PK_FOURCC_MJPEG, sizes: .discrete(sizes))
  }
  static func yuyv(_ sizes: [Size] = [Size(640, 480)], alignment: UInt32 = 1) -> Self {
    Self(fourcc: PK_FOURCC_YUYV, sizes: .discrete(sizes), alignment: alignment)
  }
  static func of(_ fourcc: UInt32, _ sizes: [Size], alignment: UInt32 = 1) -> Self {
    Self(fourcc: fourcc, sizes: .discrete(sizes), alignment: alignment)
  }

  var isCoded: Bool { [PK_FOURCC_MJPEG, PK_FOURCC_JPEG, PK_FOURCC_H264].contains(fourcc) }

  /// Bytes a line and of the whole, of each plane of memory.
  func planes(_ width: UInt32, _ height: UInt32, stride wished: UInt32 = 0) -> [(line: UInt32, size: UInt32)] {
    if isCoded { return [(0, UInt32(max(codedSize * 2, 4096)))] }
    let aligned = { (bytes: UInt32) in (bytes + alignment - 1) / alignment * alignment }
    let half = (height + 1) / 2
    switch fourcc {
    case PK_FOURCC_NV12M:
      let line = max(aligned(width), wished)
      return [(line, line * height), (line, line * half)]
    case PK_FOURCC_YUV420M:
      let line = aligned(width)
      let chroma = aligned((width + 1) / 2)
      return [(line, line * height), (chroma, chroma * half), (chroma, chroma * half)]
    case PK_FOURCC_NV12, PK_FOURCC_YUV420:
      let line = max(aligned(width), wished)
      return [(line, line * height + line * half)]
    case PK_FOURCC_GREY:
      let line = max(aligned(width), wished)
      return [(line, line * height)]
    case PK_FOURCC_RGB24, PK_FOURCC_BGR24:
      let line = max(aligned(width * 3), wished)
      return [(line, line * height)]
    default:
      let line = max(aligned(width * 2), wished)
      return [(line, line * height)]
    }
  }
}
