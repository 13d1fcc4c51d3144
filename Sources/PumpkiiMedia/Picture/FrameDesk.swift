package import PumpkiiCapture

/// Where everybody who wants a camera's picture gets it: stream encoder, photo, motion, masks, preview. A frame is
/// decoded when somebody asks for its picture and then for all of them, at most once. Confined to the camera's thread.
package final class FrameDesk {
  /// Of the frames.
  package let format: VideoFormat
  /// Black in every picture that is handed out.
  package let masks: PrivacyMasks
  /// Frames that were decoded or converted to planes.
  package private(set) var decodes: UInt64 = 0
  /// JPEGs of which a coarse look was taken instead.
  package private(set) var glances: UInt64 = 0
  /// Raw frames and JPEGs; nil for H.264, of which only whole pictures can be decoded.
  private let source: PictureSource?
  private var newest: DecodedFrame?
  private var newestIDR: (unit: [UInt8], image: PlanarImage)?

  /// - Throws: ``MediaError`` `unsupported` or `codecFailed`, or `maskImpossible` for masks over a camera's H.264.
  package init(format: VideoFormat, masks: PrivacyMasks = PrivacyMasks()) throws(MediaError) {
    guard masks.isEmpty || format.pixels != .h264 else { throw PrivacyMasks.coded }
    self.format = format
    self.masks = masks
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
    guard masks.isEmpty || PrivacyMasks.fit(jpeg.width, jpeg.height, like: format.width, format.height) else {
      throw MediaError(
        .badPicture, "a JPEG is of another shape than the camera said, and masks are set",
        advice: "The frame is left out.")
    }
    decodes += 1
    return masked(try source.decode(jpeg))
  }

  func convert(_ bytes: [UInt8]) throws(MediaError) -> PlanarImage {
    guard let source else { throw Self.noPicture }
    decodes += 1
    return masked(try source.convert(bytes))
  }

  func glance(_ jpeg: JPEGCheck) throws(MediaError) -> LumaGrid {
    guard let source else { throw Self.noPicture }
    glances += 1
    return try source.glance(jpeg)
  }

  private func masked(_ image: consuming PlanarImage) -> PlanarImage {
    masks.apply(to: &image)
    return image
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
