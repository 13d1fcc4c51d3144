internal import CPumpkiiCodecs

/// Decodes JPEG straight to planes, without a turn through RGB. Confined to one thread.
@safe package final class JPEGDecoder {
  private let decoder: OpaquePointer

  /// - Throws: ``MediaError`` `codecFailed`.
  package init() throws(MediaError) {
    guard let made = unsafe pk_jpeg_decoder_new() else {
      throw MediaError(.codecFailed, "libjpeg-turbo does not start", advice: "Free memory and try again.")
    }
    unsafe decoder = made
  }

  deinit { unsafe pk_jpeg_decoder_free(decoder) }

  /// The picture, cropped to even sides, always of full range.
  /// - Throws: ``MediaError`` `badPicture` for any damage the decoder sees, `unsupported` for a colour space or size
  ///   that is not video.
  package func decode(_ bytes: [UInt8]) throws(MediaError) -> PlanarImage {
    var width: Int32 = 0
    var height: Int32 = 0
    var pixels: Int32 = 0
    guard unsafe pk_jpeg_decoder_header(decoder, bytes, bytes.count, &width, &height, &pixels) == PK_OK else {
      throw Self.damaged("the head of a JPEG cannot be read")
    }
    var image = PlanarImage(width: Int(width), height: Int(height), fullRange: true)
    guard unsafe pk_jpeg_decoder_decode(decoder, bytes, bytes.count, &image.bytes, image.bytes.count) == PK_OK else {
      throw Self.damaged("a JPEG's data is damaged")
    }
    return image
  }

  /// A coarse look: luma alone at an eighth of the size, a small part of what ``decode(_:)`` costs.
  /// - Throws: ``MediaError`` `badPicture`; damage in the data may pass.
  package func glance(_ bytes: [UInt8]) throws(MediaError) -> LumaGrid {
    var plane: UnsafePointer<UInt8>?
    var (count, width, height) = (0, Int32(0), Int32(0))
    let result = unsafe pk_jpeg_decoder_glance(decoder, bytes, bytes.count, &plane, &count, &width, &height)
    guard result == PK_OK, let start = unsafe plane else { throw Self.damaged("a JPEG cannot be looked at") }
    return unsafe LumaGrid(
      plane: UnsafeBufferPointer(start: start, count: count), width: Int(width), height: Int(height))
  }

  private static func damaged(_ reason: String) -> MediaError {
    MediaError(.badPicture, reason, advice: "The frame is left out; when many are, check the cable or lower the size.")
  }
}
