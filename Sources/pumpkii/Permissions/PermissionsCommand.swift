internal import ArgumentParser

/// The owner's flags, and what can be denied on the board.
struct PermissionsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "permissions",
    abstract: "Show or set what a camera may do.",
    discussion: """
      The owner's commands work from anywhere (--camera). With --board FOLDER they work on the camera itself: there \
      anybody with the right to its folder may narrow and pause, and a board that is its own owner may be set.
      """,
    subcommands: [
      PermissionsShow.self, PermissionsSet.self, PermissionsMode.self, PermissionsNarrow.self, PermissionsRestore.self,
      PermissionsPause.self, PermissionsResume.self, PermissionsSchedule.self, PermissionsConfirm.self,
      PermissionsLog.self, PermissionsVerify.self, PermissionsErase.self,
    ])
}
