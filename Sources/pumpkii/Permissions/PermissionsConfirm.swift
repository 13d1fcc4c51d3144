internal import ArgumentParser
internal import PumpkiiAgent
internal import PumpkiiClient

/// Confirm the camera or microphone that consent is for.
struct PermissionsConfirm: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "confirm",
    abstract: "Confirm the camera or microphone that consent is for.",
    discussion: """
      Example: pumpkii permissions confirm camera 5b1f…(64 digits, from `pumpkii status --board` on the camera)
               pumpkii permissions confirm camera --board /var/lib/pumpkii   (a board that is its own owner)
      The first sensor that is opened is the one; another in its place is denied until it is confirmed.
      """)

  @Argument(help: "camera or microphone.")
  var sensor: SensorName

  @Argument(help: "Its fingerprint, 64 hexadecimal digits.")
  var fingerprint: String?

  @Option(help: "The camera's name or id. Default: the only one.")
  var camera: String?

  @OptionGroup var board: BoardOption
  @OptionGroup var waiting: WaitOption
  @OptionGroup var options: HomeOption

  func run() async throws {
    try await Program.run {
      let (sensor, fingerprint, camera, duration) = (sensor, fingerprint, camera, waiting.duration)
      if let board = board.chosen {
        _ = try await board.ask(.confirm(sensor.rawValue))
        return Output.line("The \(sensor.rawValue) that is there now is the one.")
      }
      guard let fingerprint else { throw ValidationError("name the fingerprint that `pumpkii status --board` prints") }
      try await options.withAccount { account in
        let link = try await account.camera(camera)
        let answer = try await link.confirm(sensor.sensor, fingerprint: fingerprint, waiting: duration)
        try Answer.say(answer, "\(link.name) takes no other \(sensor.rawValue) from now on.", link.name)
      }
    }
  }
}

/// A sensor as it is typed.
enum SensorName: String, ExpressibleByArgument {
  case camera
  case microphone

  var sensor: Permissions.Sensor { self == .camera ? .camera : .microphone }
}
