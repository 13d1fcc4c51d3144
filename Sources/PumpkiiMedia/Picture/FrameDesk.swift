package import PumpkiiCapture

/// Where everybody who wants a camera's picture gets it: stream encoder, photo, motion, masks, preview. A frame is
/// decoded when somebody asks for its picture and then for all of them, at most once. Confined to the camera's thread.
package final class FrameDesk {
  /// Of the frames.
  package let format: VideoFormat
  /// Frames that were decoded or converted to planes.
  package private(set) var decodes: UInt64 = 0
  /// Raw frames and JPEGs; nil for H.264, of which only whole pictures can be decoded.
  private let source: PictureSource?
  private var newest: DecodedFrame?
  private var newestIDR: (unit: [UInt8], image: PlanarImage)?

  /// - Throws: ``MediaError`` `unsupported` or `codecFailed`.
  package init(format: VideoFormat) throws(MediaError) {
    self.format = format
    source = format.pixels == .h264 ? nil : try PictureSource(format: format)
  }

  /// The frame with its picture to come: the same one for all who hand in the same frame before the next.
  package func frame(_ captured: CapturedFrame) -> DecodedFrame {
    if let newest, Self.isSame(newest.captured, captured) { return newest }
    let made = DecodedFrame(captured, desk: self)
    newest = made
    return made
  }

  /// Lets the newest frame's memory go.
  package func clear() { newest = nil }

  func decode(_ jpeg: JPEGCheck) throws(MediaError) -> PlanarImage {
    guard let source else { throw Self.noPicture }
    decodes += 1
    return try source.decode(jpeg)
  }

  func convert(_ bytes: [UInt8]) throws(MediaError) -> PlanarImage {
    guard let source else { throw Self.noPicture }
    decodes += 1
    return try source.convert(bytes)
  }

  /// The picture of an IDR access unit with its parameter sets; many photos of one cost one decode.
  func picture(ofIDR unit: [UInt8], fullRange: Bool) throws(MediaError) -> PlanarImage {
    if let newestIDR, newestIDR.unit == unit { return newestIDR.image }
    decodes += 1
    let image = try H264Still.decode(unit, fullRange: fullRange)
    newestIDR = (unit, image)
    return image
  }

  /// Bytes of the same array are compared by its address.
  private static func isSame(_ left: CapturedFrame, _ right: CapturedFrame) -> Bool {
    guard left.sequence == right.sequence, left.timestamp == right.timestamp else { return false }
    if left.lent != nil || right.lent != nil { return left.lent === right.lent }
    return left.bytes == right.bytes
  }

  static let noPicture = MediaError(
    .noPicture, "the camera has not sent a whole picture yet", advice: "Try again in a few seconds.")
}
