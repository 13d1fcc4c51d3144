internal import PumpkiiVault
internal import PumpkiiWire

/// Something that verified, opened and came in an order that is allowed.
public struct OpenedMedia: Sendable {
  /// What the payload is.
  public enum Content: Sendable, Equatable {
    /// A CMAF header of the track; all its chunks follow it.
    case initialization
    /// A CMAF chunk: one frame of video, or a few packets of sound.
    case chunk
    /// A JPEG picture, whole or the last part of one.
    case picture
    /// A part of a JPEG picture that goes on in the next object.
    case picturePart
    /// The end of a segment; it carries no media.
    case segmentEnd
    /// What the camera noticed, as JSON.
    case notice
  }

  /// The segment: epoch, segment number and track in one number, as on the wire.
  public let segment: UInt64
  /// The place in the segment, from 0 without a gap.
  public let index: UInt32
  /// Which of the camera's media it is.
  public let kind: MediaKind
  /// What the payload is.
  public let content: Content
  /// Whether decoding can begin here.
  public let isRandomAccess: Bool
  /// Unix µs by the camera's clock.
  public let captureTime: UInt64
  /// µs.
  public let duration: UInt32
  /// The media.
  public let payload: [UInt8]
  /// Unix µs by this machine's clock, when it had opened.
  public let openedAt: UInt64

  init(_ object: OpenedObject, openedAt: UInt64) {
    segment = object.header.kid.rawValue
    index = object.header.index
    kind = MediaKind(object.header.mediaClass)
    content =
      switch object.plaintext.kind {
      case .initialization: .initialization
      case .chunk: .chunk
      case .jpeg: .picture
      case .jpegPart: .picturePart
      case .segmentEnd: .segmentEnd
      case .event: .notice
      }
    isRandomAccess = object.header.flags.contains(.randomAccess)
    captureTime = object.plaintext.captureTime
    duration = object.plaintext.duration
    payload = object.plaintext.payload
    self.openedAt = openedAt
  }
}
