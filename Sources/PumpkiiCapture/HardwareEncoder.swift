/// An H.264 encoder of the machine's own. Confined to one thread; every call returns within a stated time.
public protocol HardwareEncoder: AnyObject {
  /// For people and the log: driver and node.
  var name: String { get }
  /// `dmabuf` or `mmap`: how pictures get in.
  var route: String { get }

  /// Encodes one picture.
  /// - Parameters:
  ///   - frame: in the format the encoder was made for.
  ///   - forceIDR: asks for a picture that stands alone.
  /// - Returns: an access unit in Annex B; nil when the encoder left the picture out or holds it back.
  /// - Throws: ``CaptureError`` `failed` when the encoder gives up; the caller goes on with another one.
  func encode(_ frame: CapturedFrame, forceIDR: Bool) throws(CaptureError) -> EncodedPicture?

  /// Releases the device.
  func close()
}

/// One coded picture.
public struct EncodedPicture: Sendable, Equatable {
  /// An access unit in Annex B with its parameter sets before an IDR.
  public var bytes: [UInt8]
  /// The timestamp of the frame it was made of, CLOCK_MONOTONIC in ns.
  public var timestamp: UInt64
  /// True where decoding may begin.
  public var isIDR: Bool

  /// A picture.
  public init(bytes: [UInt8], timestamp: UInt64, isIDR: Bool) {
    self.bytes = bytes
    self.timestamp = timestamp
    self.isIDR = isIDR
  }
}
