internal import ArgumentParser
internal import PumpkiiCapture
internal import PumpkiiSimulation
internal import PumpkiiSystem

/// Makes a film of a fake camera's pictures.
struct SimulateFilm: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "film",
    abstract: "Write what a fake camera of MJPEG or H.264 gives to a file, frame after frame, without waiting.",
    discussion: """
      Example: pumpkii simulate film --profile devices/burn-in.yaml --frames 250 --output film.mjpeg
      """)

  @Option(help: "A device profile, devices/NAME.yaml.")
  var profile: String

  @Option(help: "How many frames.")
  var frames: Int

  @Option(help: "The file: .mjpeg or .h264.")
  var output: String

  func run() async throws {
    try await Program.run {
      let device = try SimulatedDevice(try DeviceProfile.load(path: profile), clock: ManualClock())
      guard let camera = device.camera else { throw ValidationError("\(profile) has no camera") }
      let session = try camera.open()
      defer { session.close() }
      guard session.format.pixels.isCompressed else { throw ValidationError("\(profile) gives no MJPEG or H.264") }
      var film: [UInt8] = []
      for _ in 0..<frames {
        guard let frame = try session.next(timeout: .seconds(60)) else { break }
        film += frame.bytes
      }
      try DurableFile.write(film, to: output)
    }
  }
}
