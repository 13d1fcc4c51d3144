internal import PumpkiiCapture

/// Makes photos. They carry no place, no serial number, no name and no time but what a decoder needs to show the
/// picture (``PhotoCleaner``): when it was taken stands in the sealed envelope around it.
final class Photographer {
  private let desk: FrameDesk
  private let quality: Int
  private var encoder: JPEGEncoder?
  /// Stills of one size come from a camera again and again.
  private var stills: FrameDesk?

  init(desk: FrameDesk, quality: Int) {
    self.desk = desk
    self.quality = quality
  }

  /// The camera's own JPEG where it gave one; decoded, as junk in its data passes every cheaper check.
  func still(_ frame: DecodedFrame) throws(MediaError) -> [UInt8] {
    let picture = try frame.picture()
    guard frame.isJPEG else { return try encode(picture) }
    guard frame.isMasked else { return try PhotoCleaner.clean(frame.jpeg().bytes) }
    return try PhotoCleaner.turn(encode(picture), like: frame.check().bytes)
  }

  func still(_ still: CapturedStill) throws(MediaError) -> [UInt8] {
    let (stream, format) = (desk.format, still.format)
    guard
      desk.masks.isEmpty || PrivacyMasks.fit(format.width, format.height, like: stream.width, stream.height)
    else { throw PrivacyMasks.otherShape }
    if format.pixels == .h264 {
      guard desk.masks.isEmpty else { throw PrivacyMasks.coded }
      var packager = H264Packager()
      _ = try packager.sample(still.frame.contents)
      return try self.still(of: packager, fullRange: still.format.fullRange)
    }
    let own: FrameDesk
    if let stills, stills.format == format {
      own = stills
    } else {
      own = try FrameDesk(format: format, masks: desk.masks)
      stills = own
    }
    defer { own.clear() }
    return try self.still(own.frame(still.frame))
  }

  /// Of the newest picture of H.264 that stands alone.
  func still(of packager: H264Packager, fullRange: Bool) throws(MediaError) -> [UInt8] {
    guard let unit = packager.newestIDR else { throw FrameDesk.noPicture }
    let isFull = packager.parameters?.colour?.fullRange ?? fullRange
    return try encode(desk.picture(ofIDR: unit, fullRange: isFull))
  }

  func encode(_ image: PlanarImage) throws(MediaError) -> [UInt8] {
    if let encoder { return try encoder.encode(image) }
    let made = try JPEGEncoder(quality: quality)
    encoder = made
    return try made.encode(image)
  }
}
