internal import PumpkiiCapture

/// Decodes a camera's frames to planes, JPEG or raw.
final class PictureSource {
  private let decoder: JPEGDecoder?
  private let converter: PixelConverter?
  /// Pixels a picture may have: four times what the camera said, as some answer one size and send another.
  private let largest: Int

  /// - Throws: ``MediaError`` `unsupported` or `codecFailed`.
  init(format: VideoFormat) throws(MediaError) {
    largest = 4 * max(format.width * format.height, 1)
    decoder = format.pixels == .mjpeg ? try JPEGDecoder() : nil
    converter = format.pixels == .mjpeg ? nil : try PixelConverter(format: format)
  }

  /// - Throws: ``MediaError`` `badPicture`.
  func convert(_ bytes: [UInt8]) throws(MediaError) -> PlanarImage {
    guard let converter else { throw Self.mistaken }
    return try converter.convert(bytes)
  }

  /// - Throws: ``MediaError`` `badPicture`.
  func decode(_ jpeg: JPEGCheck) throws(MediaError) -> PlanarImage { try decoder(for: jpeg).decode(jpeg.bytes) }

  /// - Throws: ``MediaError`` `badPicture`.
  func glance(_ jpeg: JPEGCheck) throws(MediaError) -> LumaGrid { try decoder(for: jpeg).glance(jpeg.bytes) }

  private func decoder(for jpeg: JPEGCheck) throws(MediaError) -> JPEGDecoder {
    guard let decoder else { throw Self.mistaken }
    // A damaged head must not make the decoder reserve memory for a picture no one asked for.
    guard jpeg.width * jpeg.height <= largest else {
      throw MediaError(.badPicture, "a JPEG claims \(jpeg.width)×\(jpeg.height)", advice: "The frame is left out.")
    }
    return decoder
  }

  private static let mistaken = MediaError(
    .unsupported, "raw frames are no JPEG, nor are JPEGs raw", advice: "Report this with the device's profile.")
}
