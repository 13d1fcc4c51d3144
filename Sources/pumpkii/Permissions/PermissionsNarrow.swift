internal import ArgumentParser
internal import PumpkiiAgent
internal import PumpkiiClient

/// Deny a flag at once.
struct PermissionsNarrow: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "narrow",
    abstract: "Deny a flag at once.",
    discussion: """
      Example: pumpkii permissions narrow sensor.microphone
               pumpkii permissions narrow sensor.microphone --board /var/lib/pumpkii
      Owners may, and guests who were given control. On the board anybody may who has the right to its folder, with a relay or
      without; what was denied there is undone there (permissions restore).
      """)

  @Argument(help: "The flag, as sensor.microphone.")
  var flag: String

  func validate() throws { if OptionNames.areKnown(to: Self.self) { _ = try FlagChanges.flag(flag) } }

  @OptionGroup var place: PlaceOption

  func run() async throws {
    try await Program.run {
      let flag = flag
      try await place.change(
        onBoard: { board in
          _ = try await board.ask(.narrow(flag))
          return "\(flag) is denied on this board from now on."
        },
        atCamera: { (try await $0.narrow(flag, waiting: $1), "\($0.name) denies \(flag) now.") })
    }
  }
}
