/// What a camera delivers, after the device's own answer (VIDIOC_S_FMT answers, it does not obey).
public struct VideoFormat: Sendable, Hashable {
  /// Names of the V4L2 pixel formats; planar ones as in `linux/videodev2.h`.
  public enum Pixels: String, Sendable, CaseIterable {
    /// `V4L2_PIX_FMT_MJPEG`.
    case mjpeg
    /// `V4L2_PIX_FMT_H264`: Annex B, one access unit a frame.
    case h264
    /// `V4L2_PIX_FMT_YUYV`: packed 4:2:2.
    case yuyv
    /// `V4L2_PIX_FMT_NV12`: Y plane, interleaved UV, 4:2:0.
    case nv12
    /// `V4L2_PIX_FMT_YUV420`: three planes.
    case yuv420
    /// `V4L2_PIX_FMT_YUV422P`.
    case yuv422
    /// `V4L2_PIX_FMT_YUV444M` with contiguous planes.
    case yuv444
    /// `V4L2_PIX_FMT_GREY`.
    case grey

    /// True where each frame is coded by the camera.
    public var isCompressed: Bool { self == .mjpeg || self == .h264 }
  }

  /// A rate or an aspect ratio as the device states it.
  public struct Ratio: Sendable, Hashable {
    /// Above the line.
    public var numerator: UInt32
    /// Below it, never 0.
    public var denominator: UInt32
    /// A ratio; a denominator of 0 is read as 1.
    public init(_ numerator: UInt32, _ denominator: UInt32 = 1) {
      self.numerator = numerator
      self.denominator = max(denominator, 1)
    }
    /// As a number.
    public var value: Double { Double(numerator) / Double(denominator) }
  }

  /// How pixels lie in memory, or how the picture is coded.
  public var pixels: Pixels
  /// Pixels, may be odd.
  public var width: Int
  /// Pixels, may be odd.
  public var height: Int
  /// Bytes a line of the first plane; 0 means no padding, and for compressed formats.
  public var bytesPerLine: Int
  /// Frames per second.
  public var rate: Ratio
  /// True for full range (0–255), as JPEG always is.
  public var fullRange: Bool
  /// Sample aspect ratio, 1:1 for square pixels.
  public var sampleAspect: Ratio

  /// A format.
  public init(
    pixels: Pixels, width: Int, height: Int, bytesPerLine: Int = 0, rate: Ratio, fullRange: Bool = false,
    sampleAspect: Ratio = Ratio(1)
  ) {
    self.pixels = pixels
    self.width = width
    self.height = height
    self.bytesPerLine = bytesPerLine
    self.rate = rate
    self.fullRange = fullRange
    self.sampleAspect = sampleAspect
  }

  /// Nanoseconds from one frame to the next.
  public var frameDuration: UInt64 { UInt64(1e9 / max(rate.value, 0.01)) }
}

/// What a microphone delivers: interleaved signed 16-bit samples (`SND_PCM_FORMAT_S16`).
public struct AudioFormat: Sendable, Hashable {
  /// Sample frames per second.
  public var sampleRate: Int
  /// 1 or 2.
  public var channels: Int
  /// A format.
  public init(sampleRate: Int, channels: Int) {
    self.sampleRate = sampleRate
    self.channels = channels
  }
}
