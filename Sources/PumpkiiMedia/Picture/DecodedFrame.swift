internal import PumpkiiCapture

/// A captured frame whose picture is decoded at the first question and kept, as is the reason when it cannot be.
/// A lent buffer must be asked for before the session's next call.
package final class DecodedFrame {
  /// As the driver gave it, without masks: only for this room, which looks at ``isMasked`` first.
  let captured: CapturedFrame
  private let desk: FrameDesk
  private var decoded: Result<PlanarImage, MediaError>?
  private var checked: Result<JPEGCheck, MediaError>?

  init(_ captured: CapturedFrame, desk: FrameDesk) {
    self.captured = captured
    self.desk = desk
  }

  /// True where the camera coded the frame as JPEG.
  package var isJPEG: Bool { desk.format.pixels == .mjpeg }

  /// True where only ``picture()`` may be shown to anybody.
  package var isMasked: Bool { !desk.masks.isEmpty }

  /// True when somebody asked for the picture already.
  package var isDecoded: Bool { decoded != nil }

  /// The picture in 4:2:0 planes of even size, with the camera's masks.
  /// - Throws: ``MediaError`` `badPicture`, or `noPicture` for a frame of H.264.
  package func picture() throws(MediaError) -> PlanarImage {
    if let decoded { return try decoded.get() }
    let result = Result { () throws(MediaError) in
      isJPEG ? try desk.decode(check()) : try desk.convert(captured.contents)
    }
    decoded = result
    return try result.get()
  }

  /// A coarse look at the picture, masks included. It makes no decode where a cheaper one will do: a JPEG that nobody
  /// else asked for is decoded at an eighth of its size.
  /// - Throws: ``MediaError`` `badPicture`, or `noPicture` for a frame of H.264.
  package func glance() throws(MediaError) -> LumaGrid {
    guard isJPEG, !isMasked, !isDecoded else { return LumaGrid(try picture()) }
    return try desk.glance(check())
  }

  /// The camera's own JPEG after a cheap look.
  /// - Throws: ``MediaError`` `badPicture`, or `maskImpossible` where it would show what is masked.
  package func jpeg() throws(MediaError) -> JPEGCheck {
    guard !isMasked else {
      throw MediaError(
        .maskImpossible, "the camera's own JPEG would show what privacy masks hide", advice: "Use the masked picture.")
    }
    return try check()
  }

  /// What may be said about a camera's JPEG; the pictures in it may be masked.
  func check() throws(MediaError) -> JPEGCheck {
    if let checked { return try checked.get() }
    let result = Result { () throws(MediaError) in try JPEGCheck(captured.contents) }
    checked = result
    return try result.get()
  }
}
