internal import ArgumentParser
internal import PumpkiiAgent
internal import PumpkiiClient
internal import PumpkiiWire

/// Shows the flags.
struct PermissionsShow: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show the flags the camera goes by.",
    discussion: """
      Example: pumpkii permissions show --camera porch
               pumpkii permissions show --board /var/lib/pumpkii
      """)

  @Option(help: "The camera's name or id. Default: the only one.")
  var camera: String?

  @OptionGroup var board: BoardOption
  @OptionGroup var options: HomeOption

  @Flag(help: "Print JSON.")
  var json = false

  func run() async throws {
    try await Program.run {
      if let board = board.chosen { return try await show(board) }
      let (camera, json) = (camera, json)
      try await options.withAccount { account in
        let permissions = try await account.camera(camera).permissions()
        if json { return try JSONOutput.line(permissions) }
        Output.line("version \(permissions.version)\(permissions.version == 0 ? " (nothing was ever allowed)" : "")")
        if permissions.isPaused { Output.line("paused: everything is denied until pumpkii permissions resume") }
        // What is a person's own stands in the account's policy, not in a camera's.
        for flag in CameraLink.permissionFlags
        where !AccountPolicyDocument.isOwn(flag) || flag.hasPrefix("diagnostics.") {
          let narrowed = permissions.narrowed.contains(flag) ? "  (narrowed)" : ""
          Output.line("\(permissions.allows(flag) ? "allow" : "deny ")  \(flag)\(narrowed)")
        }
        Output.line("your own flags (terms, risk, notices, disclosure): pumpkii account permissions")
        for window in permissions.windows { Output.line(ScheduleWords.line(window, zone: permissions.zone)) }
      }
    }
  }

  private func show(_ board: Board) async throws {
    guard case .status(let status) = try await board.ask(.status) else { return }
    if json { return try JSONOutput.line(status) }
    Output.line("version \(status.policyVersion)\(status.pausedBy.map { "; paused by the \($0)" } ?? "")")
    for flag in status.shownFlags { Output.line(status.line(flag)) }
  }
}
