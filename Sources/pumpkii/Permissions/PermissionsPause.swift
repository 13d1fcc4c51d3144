internal import ArgumentParser
internal import PumpkiiAgent
internal import PumpkiiClient

/// Deny everything until resumed.
struct PermissionsPause: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pause",
    abstract: "Deny everything until resumed.",
    discussion: """
      Example: pumpkii permissions pause
               pumpkii permissions pause --board /var/lib/pumpkii
      Nothing is forgotten: permissions resume restores exactly what was. It survives a restart. A pause made on the board ends
      on the board.
      """)

  @OptionGroup var place: PlaceOption

  func run() async throws {
    try await Program.run {
      try await place.change(
        onBoard: { board in
          _ = try await board.ask(.pause)
          return "This board is paused: everything is denied."
        },
        atCamera: { (try await $0.pause(waiting: $1), "\($0.name) is paused: everything is denied.") })
    }
  }
}
