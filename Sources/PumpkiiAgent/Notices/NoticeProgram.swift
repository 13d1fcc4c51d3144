internal import Glibc
package import PumpkiiSystem

/// The programs that may show a notice: a closed list, found in fixed folders, started without a shell.
package enum NoticeProgram: String, Sendable, CaseIterable {
  case notifySend = "notify-send"

  /// Where programs are looked for; no search path can put another one in their place.
  package static let folders = ["/usr/bin", "/usr/local/bin"]
  /// What of the agent's environment a program is given: where the person's session is, and nothing else.
  package static let variables = ["DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR"]

  /// The program's path, nil where it is not installed.
  package func path(in folders: [String] = NoticeProgram.folders) -> String? {
    folders.map { "\($0)/\(rawValue)" }.first { unsafe access($0, X_OK) == 0 }
  }

  /// Its arguments for a notice.
  package func arguments(_ notice: Notice) -> [String] {
    ["--app-name=pumpkii", "--category=device", "--", notice.sentence, notice.ending]
  }

  /// Starts `path` and waits until it ends, 5 seconds at most. Blocks: for a thread of its own.
  /// - Throws: ``SystemError`` of ``BoundedCommand/run(_:patience:)``.
  package static func run(_ path: String, _ arguments: [String], environment: [String: String]) throws(SystemError) {
    let given = variables.compactMap { name in environment[name].map { "\(name)=\($0)" } }
    try BoundedCommand(program: path, arguments: arguments, environment: given).run()
  }
}
