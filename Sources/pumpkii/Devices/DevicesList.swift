internal import ArgumentParser
internal import PumpkiiALSA
internal import PumpkiiAgent
internal import PumpkiiCapture
internal import PumpkiiSystem
internal import PumpkiiV4L2

/// What is plugged in, what it offers, what would be chosen of it and why, and who holds it.
struct DevicesList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the cameras and microphones of this machine.",
    discussion: """
      Example: pumpkii devices --json
      An id names a physical device for ever, whatever its /dev number is: give it to `agent run --camera`.
      """)

  @Flag(help: "Print JSON.")
  var json = false

  @Flag(help: "List nodes that capture nothing as well, with what they are.")
  var all = false

  func run() async throws {
    try await Program.run {
      let all = all
      // Cameras that do not answer hold their caller for seconds.
      let (cameras, sounds) = await DeviceThread.run(named: "devices") {
        let directory = V4L2Directory()
        let cameras = directory.list().filter { all || $0.kind == .capture || $0.isRawSensor }
        return (cameras.map { CameraListing($0, directory) }, ALSADirectory().list().map(MicrophoneListing.init))
      }
      if json { return try JSONOutput.line(DeviceListing(cameras: cameras, microphones: sounds)) }
      for text in cameras.map(\.text) + sounds.map(\.text) { Output.line(text) }
      if cameras.isEmpty { Output.note("There is no camera. `pumpkii doctor` looks for what is in the way.") }
      if sounds.isEmpty { Output.note("There is no microphone.") }
    }
  }
}

/// All of it, in JSON.
struct DeviceListing: Encodable {
  let cameras: [CameraListing]
  let microphones: [MicrophoneListing]
}
