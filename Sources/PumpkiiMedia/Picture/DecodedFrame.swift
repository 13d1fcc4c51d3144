package import PumpkiiCapture

/// A captured frame whose picture is decoded at the first question and kept, as is the reason when it cannot be.
/// A lent buffer must be asked for before the session's next call.
package final class DecodedFrame {
  /// As the driver gave it.
  package let captured: CapturedFrame
  private let desk: FrameDesk
  private var decoded: Result<PlanarImage, MediaError>?
  private var checked: Result<JPEGCheck, MediaError>?

  init(_ captured: CapturedFrame, desk: FrameDesk) {
    self.captured = captured
    self.desk = desk
  }

  /// True where the camera coded the frame as JPEG.
  package var isJPEG: Bool { desk.format.pixels == .mjpeg }

  /// True when somebody asked for the picture already.
  package var isDecoded: Bool { decoded != nil }

  /// The picture in 4:2:0 planes of even size.
  /// - Throws: ``MediaError`` `badPicture`, or `noPicture` for a frame of H.264.
  package func picture() throws(MediaError) -> PlanarImage {
    if let decoded { return try decoded.get() }
    let result = Result { () throws(MediaError) in
      desk.format.pixels == .mjpeg ? try desk.decode(jpeg()) : try desk.convert(captured.contents)
    }
    decoded = result
    return try result.get()
  }

  /// The cheap look at a camera's JPEG.
  /// - Throws: ``MediaError`` `badPicture`.
  package func jpeg() throws(MediaError) -> JPEGCheck {
    if let checked { return try checked.get() }
    let result = Result { () throws(MediaError) in try JPEGCheck(captured.contents) }
    checked = result
    return try result.get()
  }
}
