/// One frame as the driver gave it.
public struct CapturedFrame: Sendable {
  /// Number since the device was opened; a step over 1 means frames were lost before us. Wraps at 2^32.
  public var sequence: UInt32
  /// CLOCK_MONOTONIC in ns at which the frame was taken.
  public var timestamp: UInt64
  /// True where the driver gave no usable timestamp and ours, of the moment it was collected, stands in.
  public var isTimestampOurs: Bool
  /// The coded picture, or planes one after the other as ``VideoFormat`` says; empty where ``lent`` holds them.
  public var bytes: [UInt8]
  /// The driver's own buffer, where the session was opened to lend it; good until the session's next call.
  public var lent: (any LentBuffer)?

  /// A frame.
  public init(
    sequence: UInt32, timestamp: UInt64, bytes: [UInt8], isTimestampOurs: Bool = false,
    lent: (any LentBuffer)? = nil
  ) {
    self.sequence = sequence
    self.timestamp = timestamp
    self.bytes = bytes
    self.isTimestampOurs = isTimestampOurs
    self.lent = lent
  }

  /// The bytes, copied out of the driver's buffer where it is lent.
  public var contents: [UInt8] { lent?.copy() ?? bytes }
}

/// A driver's buffer that an encoder can take without a copy.
public protocol LentBuffer: AnyObject, Sendable {
  /// DMABUF descriptors, one a plane; they belong to the session.
  var descriptors: [Int32] { get }
  /// Bytes used of each plane.
  var used: [Int] { get }
  /// The planes one after the other. Only before the session's next call.
  func copy() -> [UInt8]
}

/// One picture of another size than the stream's.
public struct CapturedStill: Sendable {
  /// Size and layout of this picture.
  public var format: VideoFormat
  /// The picture; its sequence is that of the stream where it was taken.
  public var frame: CapturedFrame

  /// A still.
  public init(format: VideoFormat, frame: CapturedFrame) {
    self.format = format
    self.frame = frame
  }
}

/// One period of sound as the driver gave it.
public struct CapturedAudio: Sendable {
  /// Index of the first sample frame since the device was opened; a step means an overrun lost what lies between.
  public var position: UInt64
  /// CLOCK_MONOTONIC in ns of the first sample.
  public var timestamp: UInt64
  /// Interleaved.
  public var samples: [Int16]

  /// A period.
  public init(position: UInt64, timestamp: UInt64, samples: [Int16]) {
    self.position = position
    self.timestamp = timestamp
    self.samples = samples
  }
}
