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
  /// Which real cameras it speaks of; nil for none.
  public var match: DeviceMatch?
  /// What is known of those cameras.
  public var quirks: CameraQuirks?
  /// The folder from which the files named in the profile are found.
  public var folder: String

  /// A device of parts.
  public init(
    name: String, description: String = "", seed: UInt64 = 1, camera: CameraProfile? = nil,
    microphone: MicrophoneProfile? = nil, folder: String = ".", match: DeviceMatch? = nil, quirks: CameraQuirks? = nil
  ) {
    self.name = name
    self.description = description
    self.seed = seed
    self.camera = camera
    self.microphone = microphone
    self.folder = folder
    self.match = match
    self.quirks = quirks
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
