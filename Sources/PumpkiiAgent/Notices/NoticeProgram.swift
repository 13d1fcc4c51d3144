internal import CPumpkiiV4L2
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
  /// - Throws: ``SystemError`` when it cannot be started, or ends with another status than 0 (errno ECANCELED).
  package static func run(_ path: String, _ arguments: [String], environment: [String: String]) throws(SystemError) {
    let given = variables.compactMap { name in environment[name].map { "\(name)=\($0)" } }
    var pid: pid_t = 0
    let result = spawn(path, [path] + arguments, given, &pid)
    guard result == 0 else { throw SystemError("posix_spawn", errno: result, path) }
    var status: Int32 = 0
    for _ in 0..<500 {
      let ended = unsafe waitpid(pid, &status, WNOHANG)
      if ended == pid {
        guard status == 0 else { throw SystemError("waitpid", errno: ECANCELED, path) }
        return
      }
      if ended < 0, errno != EINTR { throw SystemError("waitpid", errno: errno, path) }
      usleep(10_000)
    }
    kill(-pid, SIGKILL)
    unsafe waitpid(pid, &status, 0)
    throw SystemError("waitpid", errno: ETIMEDOUT, path)
  }

  /// - Returns: 0 or an errno.
  private static func spawn(
    _ path: String, _ arguments: [String], _ environment: [String], _ pid: inout pid_t
  ) -> Int32 {
    var actions = unsafe posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    unsafe posix_spawn_file_actions_init(&actions)
    unsafe posix_spawnattr_init(&attributes)
    defer {
      unsafe posix_spawn_file_actions_destroy(&actions)
      unsafe posix_spawnattr_destroy(&attributes)
    }
    var all = sigset_t()
    var none = sigset_t()
    unsafe sigfillset(&all)
    unsafe sigemptyset(&none)
    let flags = Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK)
    let steps = unsafe [
      posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0),
      posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0),
      posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0),
      posix_spawn_file_actions_addclosefrom_np(&actions, 3),
      posix_spawn_file_actions_addchdir_np(&actions, "/"),
      posix_spawnattr_setpgroup(&attributes, 0), posix_spawnattr_setsigdefault(&attributes, &all),
      posix_spawnattr_setsigmask(&attributes, &none), posix_spawnattr_setflags(&attributes, flags),
    ]
    if let failed = steps.first(where: { $0 != 0 }) { return failed }
    return unsafe withCStrings(arguments) { arguments in
      unsafe withCStrings(environment) { environment in
        unsafe posix_spawn(&pid, path, &actions, &attributes, arguments, environment)
      }
    }
  }

  private static func withCStrings<Result>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let copies = unsafe strings.map { unsafe strdup($0) }
    defer { unsafe copies.forEach { unsafe free($0) } }
    return unsafe body(copies + [nil])
  }
}
