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

  @OptionGroup var place: PlaceOption

  func run() async throws {
    try await Program.run {
      let (sensor, fingerprint) = (sensor, fingerprint ?? "")
      guard place.board.board != nil || !fingerprint.isEmpty else {
        throw ValidationError("name the fingerprint that `pumpkii status --board` prints")
      }
      try await place.change(
        onBoard: { board in
          _ = try await board.ask(.confirm(sensor.rawValue))
          return "The \(sensor.rawValue) that is there now is the one."
        },
        atCamera: { link, wait in
          let answer = try await link.confirm(sensor.sensor, fingerprint: fingerprint, waiting: wait)
          return (answer, "\(link.name) takes no other \(sensor.rawValue) from now on.")
        })
    }
  }
}

/// A sensor as it is typed.
enum SensorName: String, ExpressibleByArgument {
  case camera
  case microphone

  var sensor: Permissions.Sensor { self == .camera ? .camera : .microphone }
}
