internal import CPumpkiiCodecs
package import PumpkiiCapture

/// OpenH264: constrained baseline for cameras in real time, on the caller's thread. Confined to one thread.
@safe package final class H264Encoder {
  /// What became of a picture.
  package enum Output: Sendable, Equatable {
    /// The encoder left it out to keep to its bitrate.
    case skipped
    /// An access unit in Annex B; an IDR carries its parameter sets.
    case unit(bytes: [UInt8], idr: Bool)
  }

  /// Pixels, even.
  package let width: Int
  /// Pixels, even.
  package let height: Int
  /// Pictures the encoder left out.
  package private(set) var skipped: UInt64 = 0
  private let encoder: OpaquePointer
  private var owesIDR = true

  /// - Throws: ``MediaError`` `codecFailed` when OpenH264 refuses the settings.
  package init(
    width: Int, height: Int, rate: Double, bitrate: Int, fullRange: Bool, sampleAspect: VideoFormat.Ratio
  ) throws(MediaError) {
    let aspect = Self.aspect(sampleAspect)
    var settings = pk_h264_settings(
      width: Int32(clamping: width), height: Int32(clamping: height), rate: Float(min(max(rate, 0.1), 240)),
      bitrate: Int32(clamping: bitrate), full_range: fullRange ? 1 : 0, aspect_width: aspect.width,
      aspect_height: aspect.height)
    guard let made = unsafe pk_h264_encoder_new(&settings) else {
      throw MediaError(
        .codecFailed, "OpenH264 refuses \(width)×\(height) at \(bitrate) bit/s",
        advice: "Choose another size, or set the mode `mjpeg`.")
    }
    unsafe encoder = made
    self.width = width
    self.height = height
  }

  deinit { unsafe pk_h264_encoder_free(encoder) }

  /// Encodes a picture of the encoder's size.
  /// - Parameter forceIDR: holds until an IDR came out, should this picture be skipped.
  /// - Throws: ``MediaError`` `codecFailed`.
  package func encode(_ image: PlanarImage, milliseconds: Int64, forceIDR: Bool) throws(MediaError) -> Output {
    owesIDR = owesIDR || forceIDR
    var bytes: UnsafePointer<UInt8>?
    var count = 0
    let result = unsafe pk_h264_encoder_encode(
      encoder, image.bytes, image.bytes.count, milliseconds, owesIDR ? 1 : 0, &bytes, &count)
    if result == Int32(PK_FRAME_SKIPPED) {
      skipped += 1
      return .skipped
    }
    guard result > 0, let start = unsafe bytes else {
      throw MediaError(.codecFailed, "OpenH264 encodes no more", advice: "Restart the camera.")
    }
    let idr = result == Int32(PK_FRAME_IDR)
    if idr { owesIDR = false }
    return .unit(bytes: unsafe Array(UnsafeBufferPointer(start: start, count: count)), idr: idr)
  }

  /// Both numbers in 16 bits, reduced; square where that cannot be.
  private static func aspect(_ ratio: VideoFormat.Ratio) -> (width: Int32, height: Int32) {
    var (width, height) = (ratio.numerator, ratio.denominator)
    var (a, b) = (width, height)
    while b != 0 { (a, b) = (b, a % b) }
    if a > 1 { (width, height) = (width / a, height / a) }
    guard width > 0, height > 0, width <= 65535, height <= 65535 else { return (1, 1) }
    return (Int32(width), Int32(height))
  }
}
