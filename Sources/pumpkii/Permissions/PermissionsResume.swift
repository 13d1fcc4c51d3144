internal import ArgumentParser
internal import PumpkiiAgent
internal import PumpkiiClient

/// End a pause: what was allowed is allowed again.
struct PermissionsResume: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "End a pause: what was allowed is allowed again.",
    discussion: """
      Example: pumpkii permissions resume
               pumpkii permissions resume --board /var/lib/pumpkii
      """)

  @OptionGroup var place: PlaceOption

  func run() async throws {
    try await Program.run {
      try await place.change(
        onBoard: { try await $0.change(.resume).resumed },
        atCamera: { (try await $0.resume(waiting: $1), "\($0.name) goes by its flags again.") })
    }
  }
}
