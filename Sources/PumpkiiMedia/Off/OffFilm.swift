internal import PumpkiiCapture

/// The ``OffPicture`` as a film of one picture a second, coded once and repeated.
package struct OffFilm: Sendable {
  /// Its CMAF header.
  package let initialization: [UInt8]
  /// Chunks that each stand alone, to be shown in turn: two pictures that stand alone and follow each other may not
  /// have one number.
  package let chunks: [[UInt8]]
  /// The picture as a JPEG.
  package let jpeg: [UInt8]

  /// - Throws: ``MediaError`` `unsupported` or `codecFailed`.
  package init(width: Int, height: Int, mode: VideoSettings.Mode, words: String) throws(MediaError) {
    let image = OffPicture.image(width: width, height: height, words: words)
    jpeg = try JPEGEncoder(quality: 80).encode(image)
    let format = VideoFormat(
      pixels: .yuv420, width: image.width, height: image.height, rate: .init(1), fullRange: true)
    let processor = try VideoProcessor(format: format, settings: VideoSettings(mode: mode, bitrate: 4_000_000))
    var made: [[UInt8]] = []
    for second: UInt64 in 0..<2 {
      let frame = CapturedFrame(sequence: UInt32(second), timestamp: second * 1_000_000_000, bytes: image.bytes)
      let result = try processor.process(frame, at: second * 1_000_000_000, randomAccess: true)
      if case .chunk(let chunk) = result, chunk.randomAccess { made.append(chunk.bytes) }
    }
    guard let header = processor.initialization, !made.isEmpty else {
      throw MediaError(.codecFailed, "the off picture cannot be coded", advice: "Choose another size.")
    }
    initialization = header
    chunks = made
  }
}
