internal import ArgumentParser
internal import PumpkiiAgent
internal import PumpkiiClient

/// Set the times at which flags hold.
struct PermissionsSchedule: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schedule",
    abstract: "Set the times at which flags hold.",
    discussion: """
      Example: pumpkii permissions schedule --zone Europe/Berlin sensor.camera,sensor.microphone=mon-fri,08:00-18:00
               pumpkii permissions schedule --clear
               pumpkii permissions schedule --board /var/lib/pumpkii --clear   (a board that is its own owner)
      A flag that no line names holds at all times; times only ever take away. A time at or before the first is on the day after:
      sat,22:00-06:00 ends on Sunday. The camera goes by them offline; with a clock that cannot be relied on it denies.
      """)

  @Argument(help: "FLAG[,FLAG]=DAYS,FROM-TO, one or several.")
  var lines: [String] = []

  @Option(help: "The zone of the times, as Europe/Berlin.")
  var zone: String?

  @Flag(help: "No times any more: every flag holds at all times.")
  var clear = false

  func validate() throws {
    guard OptionNames.areKnown(to: Self.self) else { return }
    guard lines.isEmpty == clear else { throw ValidationError("name lines, or --clear") }
    guard clear || zone != nil else { throw ValidationError("name the zone of the times: --zone Europe/Berlin") }
    _ = try ScheduleWords.windows(lines)
  }

  @Option(help: "The camera's name or id. Default: the only one.")
  var camera: String?

  @OptionGroup var board: BoardOption
  @OptionGroup var waiting: WaitOption
  @OptionGroup var options: HomeOption

  func run() async throws {
    try await Program.run {
      let (windows, zone, camera, duration) = (try ScheduleWords.windows(lines), zone, camera, waiting.duration)
      let count = windows.count
      let done =
        count == 0 ? "every flag holds at all times now" : "goes by \(count) line\(count == 1 ? "" : "s") of times now"
      if let board = board.chosen {
        let lines = windows.map { BoardWindow(flags: $0.flags, days: $0.days, from: $0.from, to: $0.to) }
        _ = try await board.ask(.schedule(lines, zone: zone ?? ""))
        return Output.line("This board: \(done).")
      }
      try await options.withAccount { account in
        let link = try await account.camera(camera)
        if !windows.isEmpty, !ZoneBook().isThere {
          Output.note("pumpkii: this machine has no time zones (apt install tzdata), so \(zone ?? "") was not checked")
        }
        let answer = try await link.setSchedule(windows, zone: windows.isEmpty ? "" : zone ?? "", waiting: duration)
        try Answer.say(answer, "\(link.name): \(done).", link.name)
        await Self.warn(of: link)
      }
    }
  }

  /// A camera that does not know the time denies what the times name, and says so as soon as it looks.
  private static func warn(of link: CameraLink) async {
    guard let said = try? await link.reportedState(), [said.picture, said.sound].contains(SensorState.clock.code) else {
      return
    }
    Output.note(
      "pumpkii: \(link.name) does not trust its clock and denies what the times name; pumpkii doctor there says more")
  }
}
