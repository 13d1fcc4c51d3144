internal import PumpkiiCapture

/// Decodes a camera's frames to planes, JPEG or raw.
final class PictureSource {
  private let decoder: JPEGDecoder?
  private let converter: PixelConverter?
  /// Pixels a picture may have: four times what the camera said, as some answer one size and send another.
  private let largest: Int
  /// True when the newest picture had no Huffman tables of its own.
  private(set) var wasMended = false

  /// - Throws: ``MediaError`` `unsupported` or `codecFailed`.
  init(format: VideoFormat) throws(MediaError) {
    largest = 4 * max(format.width * format.height, 1)
    decoder = format.pixels == .mjpeg ? try JPEGDecoder() : nil
    converter = format.pixels == .mjpeg ? nil : try PixelConverter(format: format)
  }

  /// - Throws: ``MediaError`` `badPicture`.
  func picture(_ bytes: [UInt8]) throws(MediaError) -> PlanarImage {
    if let converter { return try converter.convert(bytes) }
    let checked = try JPEGCheck(bytes)
    // A damaged head must not make the decoder reserve memory for a picture no one asked for.
    guard checked.width * checked.height <= largest else {
      throw MediaError(
        .badPicture, "a JPEG claims \(checked.width)×\(checked.height)", advice: "The frame is left out.")
    }
    wasMended = checked.mendedTables
    return try decode(checked.bytes)
  }

  /// A JPEG that is already checked.
  /// - Throws: ``MediaError`` `badPicture`.
  func decode(_ jpeg: [UInt8]) throws(MediaError) -> PlanarImage {
    guard let decoder else {
      throw MediaError(.unsupported, "raw frames are no JPEG", advice: "Report this with the device's profile.")
    }
    return try decoder.decode(jpeg)
  }
}
