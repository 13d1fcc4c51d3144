package import PumpkiiALSA
internal import PumpkiiCapture
package import PumpkiiTransport
package import PumpkiiV4L2

/// Looks at the machine and says what is in the way of a camera that works: each look a file of its own, each finding
/// one line. Opens devices only to ask them; starts no stream and takes no picture.
package struct Doctor: Sendable {
  package var cameras: V4L2Directory
  package var microphones: ALSADirectory
  /// The agent's folder.
  package var home: String
  /// Nil where none is known yet.
  package var relay: RelayAddress?

  package init(
    cameras: V4L2Directory = V4L2Directory(), microphones: ALSADirectory = ALSADirectory(), home: String,
    relay: RelayAddress?
  ) {
    self.cameras = cameras
    self.microphones = microphones
    self.home = home
    self.relay = relay
  }

  /// Everything that was looked at, in a fixed order. Devices are asked by the calling thread, which may wait for
  /// seconds.
  package func examineMachine() -> [Finding] {
    let found = cameras.list()
    let captures = found.filter { $0.kind == .capture }
    var findings = presence(found, captures)
    for camera in captures {
      findings += AccessCheck.findings(camera.path, topic: "camera access", words: camera.card)
      findings += holders(camera)
      findings += USBCheck.findings(camera)
    }
    findings += BandwidthCheck.findings(captures)
    findings += captures.flatMap { PowerLineCheck.findings($0) }
    findings += sound()
    findings += GroupCheck.findings()
    findings += HotplugCheck.findings()
    findings += ClockCheck.findings()
    findings += DiskCheck.findings(home)
    return findings
  }

  /// Whether the relay answers.
  package func examineRelay() async -> [Finding] { await RelayCheck.findings(relay) }

  private func presence(_ all: [V4L2Device], _ captures: [V4L2Device]) -> [Finding] {
    let sensors = all.filter(\.isRawSensor).map {
      Finding(.warning, "camera", "\($0.card) gives raw sensor data only", advice: $0.advice ?? "Use --camera rpicam.")
    }
    guard captures.isEmpty else {
      return captures.map { Finding(.ok, "camera", "\($0.card) at \($0.path), \($0.identity.id)") } + sensors
    }
    let advice = "Plug one in; in a container or VM, hand the nodes /dev/video* through. Without one, try --profile."
    return sensors + [Finding(.problem, "camera", "there is no camera", advice: advice)]
  }

  private func holders(_ camera: V4L2Device) -> [Finding] {
    let holders = cameras.holders(of: camera.path)
    guard !holders.isEmpty else { return [Finding(.ok, "camera use", "\(camera.path) is free")] }
    let names = holders.joined(separator: ", ")
    return [
      Finding(.warning, "camera use", "\(camera.path) is open in \(names)", advice: "Close it before the agent starts.")
    ]
  }

  private func sound() -> [Finding] {
    let all = microphones.list()
    guard !all.isEmpty else {
      return [
        Finding(.warning, "microphone", "there is no microphone", advice: "Plug one in, or run with --microphone none.")
      ]
    }
    return all.map { Finding(.ok, "microphone", "\($0.identity.name), \($0.pcm)") }
  }
}
