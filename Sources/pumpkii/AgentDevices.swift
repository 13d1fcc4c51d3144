internal import ArgumentParser
internal import PumpkiiAgent
internal import PumpkiiCapture
internal import PumpkiiMedia
internal import PumpkiiSimulation

/// Which camera and microphone an agent runs on: files before a profile, a profile before real devices, flags before
/// the configuration.
struct AgentDevices: ParsableArguments {
  @Option(help: "A real camera: auto, an id of `pumpkii devices`, /dev/videoN, or rpicam for a board camera.")
  var camera: String?

  @Option(
    help:
      "A real microphone: auto, none, an id of `pumpkii devices`, or a PCM of alsa-lib. Default auto beside --camera.")
  var microphone: String?

  @Option(help: "A device profile, devices/NAME.yaml, instead of real devices.")
  var profile: String?

  @Option(help: "The folder of profiles in which quirks of real cameras are looked up.")
  var profiles = "devices"

  @Option(help: "A film instead of a camera: .mjpeg, .y4m or Annex-B .h264. It loops.")
  var video: String?

  @Option(help: "A sound instead of a microphone: .wav.")
  var audio: String?

  @Option(help: "Frames per second of a film that states none. Default 25.")
  var fps: Double?

  /// - Throws: ValidationError for a real device beside one that is none.
  func validate() throws {
    let fakes = [("--video", video), ("--audio", audio), ("--profile", profile)].filter { $0.1 != nil }.map(\.0)
    let real = [("--camera", camera), ("--microphone", isSilent ? nil : microphone)].filter { $0.1 != nil }.map(\.0)
    guard let fake = fakes.first, let ignored = real.first else { return }
    throw ValidationError("\(fake) stands for both devices; leave it or \(ignored) out.")
  }

  /// What the agent runs on.
  struct Chosen {
    var name: String
    var camera: (any Camera)?
    var microphone: (any Microphone)?
    var hotplug: HotplugService?
  }

  /// - Throws: ``CaptureError``, ``SimulationError``, ``AgentError`` when nothing is named.
  func choose(_ configuration: AgentConfiguration, profileFromEnvironment: String?) throws -> Chosen {
    if video != nil || audio != nil { return try fake(.file(video: video, audio: audio, fps: fps)) }
    if let profile { return try fake(DeviceProfile.load(path: profile)) }
    if camera != nil || microphone != nil { return try real(configuration) }
    if let path = profileFromEnvironment ?? configuration.profile { return try fake(DeviceProfile.load(path: path)) }
    if configuration.camera != nil || configuration.microphone != nil { return try real(configuration) }
    throw AgentError(
      .configuration, "no camera is named",
      advice:
        "Give --camera auto, --profile devices/still-pan.yaml, or --video FILE; `pumpkii devices` lists what there is.")
  }

  private func fake(_ profile: DeviceProfile) throws -> Chosen {
    let device = try SimulatedDevice(profile)
    return Chosen(name: profile.name, camera: device.camera, microphone: isSilent ? nil : device.microphone)
  }

  private var isSilent: Bool { microphone == "none" }

  private func real(_ configuration: AgentConfiguration) throws -> Chosen {
    let chosen = try (camera ?? configuration.camera).map { try realCamera($0, configuration) }
    let words = microphone ?? configuration.microphone ?? "auto"
    let sound = try MicrophoneChoice(words).microphone(configuration.microphoneWish, beside: chosen?.identity)
    return Chosen(
      name: chosen?.identity.name ?? "microphone", camera: chosen, microphone: sound, hotplug: HotplugService())
  }

  /// The camera, asked as its profile knows it must be; what the configuration says wins.
  private func realCamera(_ words: String, _ configuration: AgentConfiguration) throws -> any Camera {
    var wish = configuration.cameraWish
    wish.use = configuration.video.mode == .mjpeg ? .jpeg : .h264
    let isMasked = !configuration.video.masks.isEmpty
    if isMasked { wish.use = .raw }
    // An encoder of the machine takes a raw camera's buffers as they are, where nothing is masked in them.
    wish.lendsBuffers = !isMasked && wish.use == .h264 && !HardwareEncoders.candidates().isEmpty
    return try CameraChoice(words).camera(wish) { identity, wish in
      DeviceProfile.quirks(for: identity, in: profiles)?.wish(under: wish) ?? wish
    }
  }
}
