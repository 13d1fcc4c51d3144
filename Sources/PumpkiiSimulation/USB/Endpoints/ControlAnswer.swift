/// What a control transfer gets.
package enum ControlAnswer: Sendable, Equatable {
  /// Bytes to the host.
  case data([UInt8])
  /// Taken.
  case done
  /// The endpoint stalls; the driver asks for the code afterwards.
  case stall(ControlFault)
}

/// bRequestErrorCode of UVC: why a control transfer stalled.
package enum ControlFault: UInt8, Sendable {
  /// Nothing failed.
  case none = 0
  /// An automatic control holds this one, or streaming does.
  case wrongState = 2
  /// A value outside the range.
  case outOfRange = 4
  /// No such unit.
  case invalidUnit = 5
  /// No such control.
  case invalidControl = 6
  /// The control does not take this request.
  case invalidRequest = 7
}

/// What a control transfer changes outside of the control endpoint.
package enum ControlEffect: Sendable, Equatable {
  /// SET_CONFIGURATION: everything begins anew, a freeze is over.
  case configured(Int)
  /// Video streams from now on.
  case videoStarted(StreamChoice)
  /// Video stops.
  case videoStopped
  /// Sound streams from now on.
  case soundStarted(rate: Int)
  /// Sound stops.
  case soundStopped
  /// A photo of this size is to be taken.
  case still(StillSize)
  /// The host asked how the privacy shutter stands.
  case shutterRead
  /// A value of a camera or processing control changed, by its V4L2 name.
  case controlSet(name: String, value: Int)
}

/// A mode of the video stream that the host committed to.
package struct StreamChoice: Sendable, Equatable {
  /// Pixel format.
  package var pixels: CameraProfile.Format
  /// Pixels.
  package var width: Int
  /// Pixels.
  package var height: Int
  /// Frames a second.
  package var rate: Double
  /// Bytes of a payload: of a bulk transfer, or of a packet.
  package var payload: Int

  /// A choice of its parts.
  package init(pixels: CameraProfile.Format, width: Int, height: Int, rate: Double, payload: Int) {
    self.pixels = pixels
    self.width = width
    self.height = height
    self.rate = rate
    self.payload = payload
  }
}

/// bRequest of USB Audio and Video.
enum ClassRequest {
  static let setCurrent: UInt8 = 0x01
  static let getCurrent: UInt8 = 0x81
  static let getMinimum: UInt8 = 0x82
  static let getMaximum: UInt8 = 0x83
  static let getResolution: UInt8 = 0x84
  static let getLength: UInt8 = 0x85
  static let getInfo: UInt8 = 0x86
  static let getDefault: UInt8 = 0x87
}
