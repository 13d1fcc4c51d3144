/// What is asked of a camera; it answers with a ``VideoFormat``, it does not obey.
public struct CameraWish: Sendable, Equatable {
  /// Pixels; nil leaves it to the choice (1280×720 where the camera has it).
  public var width: Int?
  /// Pixels.
  public var height: Int?
  /// Frames per second; nil for 30 or the nearest.
  public var rate: Double?
  /// A format that must be used; nil for the best one for ``use``.
  public var pixels: VideoFormat.Pixels?
  /// What the pictures are for.
  public var use: Use
  /// V4L2 controls by their names in lower case with underscores (`exposure_time_absolute`), and their values.
  public var controls: [String: Int]
  /// Hands out the driver's own buffers with DMABUF descriptors where the driver can (raw formats alone).
  public var lendsBuffers: Bool
  /// ns without a frame after which the camera counts as frozen; nil for the larger of 1 s and five frames.
  public var frozenAfter: UInt64?

  /// What the pipeline does with pictures, which decides between coded and raw formats.
  public enum Use: String, Sendable, CaseIterable {
    /// H.264 leaves the device: the camera's own, else MJPEG, else raw.
    case h264
    /// JPEG leaves the device: MJPEG first.
    case jpeg
    /// Pixels are looked at (motion, masks, a hardware encoder): raw first where the bus can carry it.
    case raw
  }

  /// A wish; what is left out is chosen.
  public init(
    width: Int? = nil, height: Int? = nil, rate: Double? = nil, pixels: VideoFormat.Pixels? = nil, use: Use = .h264,
    controls: [String: Int] = [:], lendsBuffers: Bool = false, frozenAfter: UInt64? = nil
  ) {
    self.width = width
    self.height = height
    self.rate = rate
    self.pixels = pixels
    self.use = use
    self.controls = controls
    self.lendsBuffers = lendsBuffers
    self.frozenAfter = frozenAfter
  }
}

/// What is asked of a microphone.
public struct MicrophoneWish: Sendable, Equatable {
  /// Sample frames per second; nil for 48000 or the nearest.
  public var sampleRate: Int?
  /// 1 or 2; nil for 1 where the device has it.
  public var channels: Int?

  /// A wish; what is left out is chosen.
  public init(sampleRate: Int? = nil, channels: Int? = nil) {
    self.sampleRate = sampleRate
    self.channels = channels
  }
}
