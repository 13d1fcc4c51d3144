internal import CPumpkiiCodecs

/// Decodes one IDR picture of a camera's H.264 for a photo.
package enum H264Still {
  /// - Parameter unit: an IDR access unit with its parameter sets, in Annex B.
  /// - Throws: ``MediaError`` `noPicture` when OpenH264 cannot decode it.
  package static func decode(_ unit: [UInt8], fullRange: Bool) throws(MediaError) -> PlanarImage {
    var width: Int32 = 0
    var height: Int32 = 0
    guard let still = unsafe pk_h264_still_decode(unit, unit.count, &width, &height) else {
      throw MediaError(
        .noPicture, "the camera's H.264 cannot be decoded for a photo",
        advice: "Set the camera to an 8-bit 4:2:0 profile, or to MJPEG.")
    }
    defer { unsafe pk_h264_still_free(still) }
    var image = PlanarImage(width: Int(width), height: Int(height), fullRange: fullRange)
    unsafe pk_h264_still_copy(still, &image.bytes, image.bytes.count)
    return image
  }
}
