/// The camera of a simulated device.
public struct CameraProfile: Sendable, Equatable {
  /// What it delivers, by the names of `VideoFormat`.
  public enum Format: String, Sendable, CaseIterable {
    /// Motion JPEG, one picture a frame.
    case mjpeg
    /// H.264 in Annex B, one access unit a frame, coded by the camera itself.
    case h264
    /// Packed 4:2:2.
    case yuyv
    /// 4:2:0 with interleaved chroma.
    case nv12
    /// 4:2:0 in three planes.
    case yuv420
    /// 4:2:2 in three planes.
    case yuv422
    /// 4:4:4 in three planes.
    case yuv444
    /// Luma alone.
    case grey
  }

  /// Where its pictures come from.
  public enum Source: Sendable, Equatable {
    /// A test picture with number, time and a flash at each second.
    case pattern
    /// A photograph over which the view pans and zooms; `burnIn` draws number and time into a corner.
    case pan(image: String, burnIn: Bool)
    /// A film that loops: `.mjpeg`, `.y4m` or Annex-B `.h264`. It decides format and size.
    case file(String)
  }

  /// For people.
  public var name: String
  /// Where the pictures come from.
  public var source: Source
  /// Of generated pictures; a file has its own.
  public var format: Format
  /// Of generated pictures, even.
  public var width: Int
  /// Of generated pictures, even.
  public var height: Int
  /// Frames a second; nil takes the file's own, or 25.
  public var fps: Double?
  /// Of JPEG pictures, 1 to 100.
  public var quality: Int
  /// Bits a second of H.264; 0 chooses by size and rate.
  public var bitrate: Int
  /// Frames from one IDR picture to the next.
  public var groupFrames: Int
  /// The driver's ring.
  public var buffers: Int
  /// Time from opening to the first frame, in ns.
  public var start: UInt64
  /// Time without a frame after which the device counts as frozen, in ns.
  public var frozenAfter: UInt64
  /// Drift and jitter.
  public var clock: ClockQuality
  /// What goes wrong, and when.
  public var faults: [Fault]
  /// What it is on a USB bus.
  public var usb: USBProfile
  /// Knobs that a program may turn; of the emulated webcam alone.
  public var controls: [ControlProfile]
  /// Whether it has a privacy shutter that tells its state.
  public var hasShutter: Bool
  /// Whether it has a button that asks for a photo.
  public var hasStillTrigger: Bool
  /// Sizes for photos alone.
  public var stillModes: [CameraMode]
  /// Modes besides the first one, and the first one's further rates.
  private var further: [CameraMode] = []

  /// A camera with the defaults of the schema.
  public init(
    name: String = "Simulated camera", source: Source = .pattern, format: Format = .mjpeg, width: Int = 640,
    height: Int = 480, fps: Double? = nil, quality: Int = 90, bitrate: Int = 0, groupFrames: Int = 30,
    buffers: Int = 4, start: UInt64 = 0, frozenAfter: UInt64 = 3_000_000_000, clock: ClockQuality = ClockQuality(),
    faults: [Fault] = [], modes: [CameraMode] = [], usb: USBProfile? = nil, controls: [ControlProfile] = [],
    hasShutter: Bool = false, hasStillTrigger: Bool = false, stillModes: [CameraMode] = []
  ) {
    self.name = name
    self.source = source
    self.format = format
    self.width = width
    self.height = height
    self.fps = fps
    self.quality = quality
    self.bitrate = bitrate
    self.groupFrames = groupFrames
    self.buffers = buffers
    self.start = start
    self.frozenAfter = frozenAfter
    self.clock = clock
    self.faults = faults
    self.usb = usb ?? USBProfile(productName: name)
    self.controls = controls
    self.hasShutter = hasShutter
    self.hasStillTrigger = hasStillTrigger
    self.stillModes = stillModes
    if !modes.isEmpty { self.modes = modes }
  }

  /// Everything that generated pictures can be had as, each size in a format once. The first is the default, and its
  /// highest rate: ``format``, ``width``, ``height`` and ``fps`` say the same. A film has one mode, its own.
  public var modes: [CameraMode] {
    get {
      var first = CameraMode(format: format, width: width, height: height, rates: [fps ?? 25])
      if let more = further.first(where: { first.isSamePicture(as: $0) }) {
        first = CameraMode(format: format, width: width, height: height, rates: first.rates + more.rates)
      }
      return [first] + further.filter { !first.isSamePicture(as: $0) }
    }
    set {
      guard let first = newValue.first else { return }
      format = first.format
      width = first.width
      height = first.height
      fps = first.rates.first
      further = newValue.count == 1 && first.rates.count == 1 ? [] : newValue
    }
  }
}
