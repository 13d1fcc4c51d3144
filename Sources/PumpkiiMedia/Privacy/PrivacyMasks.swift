internal import CPumpkiiCodecs

/// What of a camera's picture nobody ever sees: rectangles that are black before any encoder, photo, detector or
/// preview gets the picture. They hold for the stream's picture and, of the same shape, for pictures of other sizes.
package struct PrivacyMasks: Sendable, Equatable {
  /// More are refused in the configuration.
  package static let limit = 32
  /// Masks grow to whole blocks of this many pixels: a camera's JPEG smears what it shows over a block, so that a pixel
  /// beside the mask would tell of one under it.
  package static let grain = 16

  /// Where it is black.
  package let areas: [PictureArea]

  /// - Parameter areas: none shows everything.
  package init(_ areas: [PictureArea] = []) { self.areas = areas }

  /// Nothing is masked.
  package var isEmpty: Bool { areas.isEmpty }

  /// Blackens a picture.
  package func apply(to image: inout PlanarImage) {
    let (width, height, black) = (image.width, image.height, UInt8(image.fullRange ? 0 : 16))
    for area in areas {
      let pixels = area.pixels(width: width, height: height, grain: Self.grain)
      unsafe pk_fill_black(
        &image.bytes, image.bytes.count, Int32(width), Int32(height), Int32(pixels.columns.lowerBound),
        Int32(pixels.rows.lowerBound), Int32(pixels.columns.upperBound), Int32(pixels.rows.upperBound), black)
    }
  }

  /// Whether a picture of this size shows what the stream's picture shows, as far as anybody can tell: a picture turned
  /// or of another shape shows more at its edges, and the masks would lie beside what they hide.
  static func fit(_ width: Int, _ height: Int, like streamWidth: Int, _ streamHeight: Int) -> Bool {
    let (one, other) = (width * streamHeight, height * streamWidth)
    return abs(one - other) * 100 <= max(one, other)
  }

  static let coded = MediaError(
    .maskImpossible, "the camera codes H.264 itself, and privacy masks need its pictures",
    advice: "Set camera.format to mjpeg or yuyv, or remove privacy.masks.")

  static let otherShape = MediaError(
    .maskImpossible, "a photo of the full size has another shape than the stream, so masks would not cover the same",
    advice: "Set photo.size to stream, or a stream of the same shape.")
}
