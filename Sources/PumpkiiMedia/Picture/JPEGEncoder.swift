internal import CPumpkiiCodecs

/// Makes JPEG files with a JFIF head and no EXIF. Confined to one thread.
@safe package final class JPEGEncoder {
  private let encoder: OpaquePointer
  private let quality: Int32

  /// - Parameter quality: 1 to 100.
  /// - Throws: ``MediaError`` `codecFailed`.
  package init(quality: Int = 90) throws(MediaError) {
    guard let made = unsafe pk_jpeg_encoder_new() else {
      throw MediaError(.codecFailed, "libjpeg-turbo does not start", advice: "Free memory and try again.")
    }
    unsafe encoder = made
    self.quality = Int32(min(max(quality, 1), 100))
  }

  deinit { unsafe pk_jpeg_encoder_free(encoder) }

  /// A JPEG of the picture; limited range is expanded, as JPEG knows only full.
  /// - Throws: ``MediaError`` `codecFailed`.
  package func encode(_ image: PlanarImage) throws(MediaError) -> [UInt8] {
    let (width, height) = (Int32(image.width), Int32(image.height))
    var picture = image.bytes
    if !image.fullRange { unsafe pk_expand_range(&picture, picture.count, width, height) }
    var bytes: UnsafePointer<UInt8>?
    var count = 0
    let result = unsafe pk_jpeg_encoder_encode(
      encoder, picture, picture.count, width, height, quality, &bytes, &count)
    guard result == PK_OK, let start = unsafe bytes else {
      throw MediaError(.codecFailed, "no JPEG could be made", advice: "Lower the picture's size.")
    }
    return unsafe Array(UnsafeBufferPointer(start: start, count: count))
  }
}
