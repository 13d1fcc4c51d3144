package import PumpkiiMedia
package import PumpkiiPolicy
package import PumpkiiWire

/// How an agent is set up: plain values with defaults. `AgentConfiguration+Document` maps the keys of `agent.yaml`.
package struct AgentConfiguration: Sendable {
  /// A device profile (`devices/NAME.yaml`), or nil when files are named instead.
  package var profile: String?
  package var video: VideoSettings
  package var audio: AudioSettings
  /// Seconds between timed photos; nil for none.
  package var photoInterval: Double?
  /// Seconds a sensor stays open after the last viewer left.
  package var linger: Double
  package var padding: Padding
  /// What whoever runs the board allows at most; nil when there is no ceiling.
  package var ceiling: [Flag: Bool]?

  package init() {
    profile = nil
    video = VideoSettings()
    audio = AudioSettings()
    photoInterval = nil
    linger = 10
    padding = .padme
    ceiling = nil
  }
}
