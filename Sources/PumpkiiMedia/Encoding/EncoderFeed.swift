internal import CPumpkiiCodecs
internal import PumpkiiCapture

/// In which layout pictures go into an encoder of the machine's own.
enum EncoderFeed: Equatable {
  /// The camera's frames as they are.
  case direct
  /// Decoded planes of this layout and even size.
  case planes(VideoFormat)

  /// The cheapest feed a candidate takes: no conversion, else the planes a decoder makes, else those interleaved.
  /// - Returns: nil when it takes nothing of this camera.
  static func choose(
    _ candidate: EncoderCandidate, format: VideoFormat, frame: DecodedFrame
  ) throws(MediaError) -> EncoderFeed? {
    let isEven = (format.width | format.height) & 1 == 0
    let isLent = frame.captured.lent != nil
    // What the driver gave has no masks: never directly, and never by its own buffers.
    if !frame.isMasked, !format.pixels.isCompressed, isEven, candidate.layouts.contains(format.pixels) {
      return candidate.needsLentBuffers && !isLent ? nil : .direct
    }
    guard !candidate.needsLentBuffers,
      let layout = [.yuv420, .nv12].first(where: candidate.layouts.contains)
    else { return nil }
    let image = try frame.picture()
    return .planes(
      VideoFormat(
        pixels: layout, width: image.width, height: image.height, rate: format.rate, fullRange: image.fullRange,
        sampleAspect: format.sampleAspect))
  }

  /// What the encoder is opened for.
  func format(of camera: VideoFormat) -> VideoFormat {
    switch self {
    case .direct: camera
    case .planes(let format): format
    }
  }

  /// What goes in.
  /// - Throws: ``MediaError`` `badPicture` for a frame without a whole picture of the encoder's size.
  func frame(_ frame: DecodedFrame, rawBytes: Int) throws(MediaError) -> CapturedFrame {
    guard case .planes(let format) = self else {
      let count = frame.captured.lent.map { $0.used.reduce(0, +) } ?? frame.captured.bytes.count
      guard count >= rawBytes else {
        throw MediaError(.badPicture, "a frame has \(count) bytes, not \(rawBytes)", advice: "The frame is left out.")
      }
      return frame.captured
    }
    let image = try frame.picture()
    guard (image.width, image.height) == (format.width, format.height) else { throw Self.otherSize }
    return CapturedFrame(
      sequence: frame.captured.sequence, timestamp: frame.captured.timestamp,
      bytes: format.pixels == .nv12 ? Self.interleaved(image) : image.bytes)
  }

  private static func interleaved(_ image: PlanarImage) -> [UInt8] {
    var target = [UInt8](repeating: 0, count: image.bytes.count)
    unsafe pk_i420_to_nv12(image.bytes, Int32(image.width), Int32(image.height), &target, target.count)
    return target
  }

  static let otherSize = MediaError(
    .badPicture, "a picture is of another size than those before it", advice: "The frame is left out.")
}
