/// How UVC names a pixel format, and what its frames weigh.
extension CameraProfile.Format {
  /// Which kind of format descriptor it has.
  enum StreamCoding { case mjpeg, uncompressed, frameBased }

  var coding: StreamCoding? {
    switch self {
    case .mjpeg: .mjpeg
    case .h264: .frameBased
    case .yuyv, .nv12, .yuv420, .grey: .uncompressed
    case .yuv422, .yuv444: nil
    }
  }

  /// The four letters that begin the format's GUID.
  var letters: String {
    switch self {
    case .mjpeg: "MJPG"
    case .h264: "H264"
    case .yuyv: "YUY2"
    case .nv12: "NV12"
    case .yuv420: "I420"
    case .grey: "Y800"
    case .yuv422, .yuv444: "????"
    }
  }

  /// GUIDs of Microsoft's media subtypes: the letters and a fixed tail.
  var guid: [UInt8] {
    Array(letters.utf8) + [0x00, 0x00, 0x10, 0x00, 0x80, 0x00, 0x00, 0xAA, 0x00, 0x38, 0x9B, 0x71]
  }

  var bitsPerPixel: Int {
    switch self {
    case .grey: 8
    case .nv12, .yuv420: 12
    case .yuv444: 24
    case .mjpeg, .h264, .yuyv, .yuv422: 16
    }
  }

  /// dwMaxVideoFrameSize: of raw formats exactly a frame, of coded ones a bound.
  func largestFrame(width: Int, height: Int) -> Int {
    width * height * (coding == .uncompressed ? bitsPerPixel : 16) / 8
  }

  /// What a frame weighs at most in practice: what the reserved bandwidth must carry.
  func expectedFrame(width: Int, height: Int) -> Int {
    let largest = largestFrame(width: width, height: height)
    return coding == .uncompressed ? largest : max(largest / 4, 16_384)
  }
}
