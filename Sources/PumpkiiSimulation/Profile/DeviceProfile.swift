/// What a simulated device is: a file of `devices/`, or made from files of one's own.
///
/// Data only: a profile opens nothing and starts nothing. ``SimulatedDevice`` makes a device of it.
public struct DeviceProfile: Sendable, Equatable {
  /// Lower-case letters, digits and hyphens; part of the sensors' identity.
  public var name: String
  /// One sentence for people.
  public var description: String
  /// Where all chance in the device comes from: the same seed gives the same trace.
  public var seed: UInt64
  /// Nil for a device without a camera.
  public var camera: CameraProfile?
  /// Nil for a device without a microphone.
  public var microphone: MicrophoneProfile?
  /// The folder from which the files named in the profile are found.
  public var folder: String

  /// A device of parts.
  public init(
    name: String, description: String = "", seed: UInt64 = 1, camera: CameraProfile? = nil,
    microphone: MicrophoneProfile? = nil, folder: String = "."
  ) {
    self.name = name
    self.description = description
    self.seed = seed
    self.camera = camera
    self.microphone = microphone
    self.folder = folder
  }

  /// A device that plays files: a film (`.mjpeg`, `.y4m`, Annex-B `.h264`), a sound (`.wav`), or both. Nothing is
  /// opened yet; ``SimulatedDevice`` refuses files that cannot be played, with the line that converts them.
  /// - Parameter fps: the rate of a raw stream that states none; 25 when nil.
  public static func file(video: String?, audio: String?, fps: Double? = nil) -> DeviceProfile {
    DeviceProfile(
      name: "file", description: "Plays files",
      camera: video.map { CameraProfile(name: "File camera", source: .file($0), fps: fps) },
      microphone: audio.map { MicrophoneProfile(name: "File microphone", source: .file($0)) })
  }

  /// The path of a file that the profile names.
  func path(of file: String) -> String { file.hasPrefix("/") ? file : "\(folder)/\(file)" }
}

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

  /// A camera with the defaults of the schema.
  public init(
    name: String = "Simulated camera", source: Source = .pattern, format: Format = .mjpeg, width: Int = 640,
    height: Int = 480, fps: Double? = nil, quality: Int = 90, bitrate: Int = 0, groupFrames: Int = 30,
    buffers: Int = 4, start: UInt64 = 0, frozenAfter: UInt64 = 3_000_000_000, clock: ClockQuality = ClockQuality(),
    faults: [Fault] = []
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
  }
}

/// The microphone of a simulated device.
public struct MicrophoneProfile: Sendable, Equatable {
  /// Where its sound comes from.
  public enum Source: Sendable, Equatable {
    /// A beep of 1 kHz and 40 ms at each full second, in step with the camera's flash.
    case tone
    /// Something that sounds like somebody speaking, without words.
    case speech
    /// Nothing but zeros.
    case silence
    /// A `.wav` that loops. It decides rate and channels.
    case file(String)
  }

  /// For people.
  public var name: String
  /// Where the sound comes from.
  public var source: Source
  /// Sample frames a second; a file has its own.
  public var rate: Int
  /// 1 or 2; a file has its own.
  public var channels: Int
  /// Length of a period in ns.
  public var period: UInt64
  /// Length of the driver's ring in ns.
  public var buffer: UInt64
  /// Drift and jitter.
  public var clock: ClockQuality
  /// What goes wrong, and when.
  public var faults: [Fault]

  /// A microphone with the defaults of the schema.
  public init(
    name: String = "Simulated microphone", source: Source = .tone, rate: Int = 48_000, channels: Int = 1,
    period: UInt64 = 20_000_000, buffer: UInt64 = 200_000_000, clock: ClockQuality = ClockQuality(),
    faults: [Fault] = []
  ) {
    self.name = name
    self.source = source
    self.rate = rate
    self.channels = channels
    self.period = period
    self.buffer = buffer
    self.clock = clock
    self.faults = faults
  }
}
