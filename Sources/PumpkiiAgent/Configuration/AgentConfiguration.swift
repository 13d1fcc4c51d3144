package import PumpkiiCapture
package import PumpkiiMedia
package import PumpkiiPolicy
package import PumpkiiWire

/// How an agent is set up: plain values with defaults. `AgentConfiguration+Document` maps the keys of `agent.yaml`.
package struct AgentConfiguration: Sendable {
  /// A device profile (`devices/NAME.yaml`), or nil when files or real devices are named instead.
  package var profile: String?
  /// Which real camera, as ``CameraChoice`` reads it; nil where none is named.
  package var camera: String?
  /// What is asked of it.
  package var cameraWish: CameraWish
  /// Which real microphone, as ``MicrophoneChoice`` reads it; nil where none is named.
  package var microphone: String?
  /// What is asked of it.
  package var microphoneWish: MicrophoneWish
  package var video: VideoSettings
  package var audio: AudioSettings
  /// Seconds between timed photos; nil for none.
  package var photoInterval: Double?
  /// Whether photos are as large as the camera can, at the price of a gap in the stream, or taken from the stream.
  package var photoSize: PhotoSize
  /// Seconds a sensor stays open after the last viewer left.
  package var linger: Double
  /// How much an object's size tells.
  package var padding: Padding
  /// How the device records, where the owner's flags let it.
  package var record: RecordSettings
  /// What whoever runs the board allows at most; nil when there is no ceiling.
  package var ceiling: [Flag: Bool]?
  /// The operator vouches for the machine's clock where nothing that we can see keeps it.
  package var trustsClock: Bool
  /// What the person at the screen is told of, where the person allows notices.
  package var notices: Set<Notice>
  /// The local preview; off where it names no address.
  package var preview: PreviewSettings
  /// Where numbers are shown to programs on this machine; nowhere where it names no address.
  package var metrics: PreviewSettings
  /// What counts as motion, where it is allowed to be looked for.
  package var motion: MotionSettings
  /// What counts as loud, where it is allowed to be listened for.
  package var sound: SoundSettings
  /// What shows that a sensor is open.
  package var indicator: IndicatorSettings
  /// Where the kill switch is; nil where there is none.
  package var killSwitch: KillSwitchPlace?

  package init() {
    profile = nil
    camera = nil
    cameraWish = CameraWish()
    microphone = nil
    microphoneWish = MicrophoneWish()
    video = VideoSettings()
    audio = AudioSettings()
    photoInterval = nil
    photoSize = .full
    linger = 10
    padding = .padme
    record = RecordSettings()
    ceiling = nil
    trustsClock = false
    notices = []
    preview = PreviewSettings()
    metrics = PreviewSettings()
    motion = MotionSettings()
    sound = SoundSettings()
    indicator = IndicatorSettings()
    killSwitch = nil
  }
}

/// How large a photo is.
package enum PhotoSize: String, Sendable, CaseIterable {
  /// The largest size the camera has.
  case full
  /// That of the stream; costs no gap.
  case stream
}
