internal import CLibSpawn
internal import Glibc

/// A program that is run to its end, or killed when it takes too long. It gets nothing of ours: no descriptor, no working
/// directory, and only the environment that is named. Blocks.
package struct BoundedCommand: Sendable, Hashable {
  /// An absolute path.
  package var program: String
  package var arguments: [String]
  /// Lines of `NAME=value`.
  package var environment: [String]

  /// - Parameter environment: without one of its own, a `PATH` of the system's folders.
  package init(
    program: String, arguments: [String] = [],
    environment: [String] = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]
  ) {
    self.program = program
    self.arguments = arguments
    self.environment = environment
  }

  /// Runs it, with one more argument where there is one.
  /// - Throws: ``SystemError``: from `posix_spawn`; ETIMEDOUT when it was killed; EPROTO when it ended otherwise than by 0.
  package func run(_ last: String? = nil, patience: Duration = .seconds(5)) throws(SystemError) {
    var pid: pid_t = 0
    let result = spawn([program] + arguments + (last.map { [$0] } ?? []), &pid)
    guard result == 0 else { throw SystemError("posix_spawn", errno: result, program) }
    let clock = ContinuousClock()
    let deadline = clock.now + patience
    var status: Int32 = 0
    while true {
      let ended = unsafe waitpid(pid, &status, WNOHANG)
      if ended == pid { break }
      if ended < 0, errno != EINTR { throw SystemError("waitpid", errno: errno, program) }
      if clock.now >= deadline {
        kill(-pid, SIGKILL)
        while unsafe waitpid(pid, &status, 0) < 0, errno == EINTR {}
        throw SystemError("run", errno: ETIMEDOUT, program)
      }
      usleep(2000)
    }
    if status != 0 { throw SystemError("run", errno: EPROTO, program) }
  }

  private func spawn(_ words: [String], _ pid: inout pid_t) -> Int32 {
    var actions = unsafe posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    unsafe posix_spawn_file_actions_init(&actions)
    unsafe posix_spawnattr_init(&attributes)
    defer {
      unsafe posix_spawn_file_actions_destroy(&actions)
      unsafe posix_spawnattr_destroy(&attributes)
    }
    var none = sigset_t()
    var all = sigset_t()
    unsafe sigemptyset(&none)
    unsafe sigfillset(&all)
    let flags = Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK)
    let steps = unsafe [
      posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0),
      posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0),
      posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0),
      pk_spawn_closefrom(&actions, 3),
      pk_spawn_chdir(&actions, "/"),
      posix_spawnattr_setpgroup(&attributes, 0), posix_spawnattr_setsigdefault(&attributes, &all),
      posix_spawnattr_setsigmask(&attributes, &none), posix_spawnattr_setflags(&attributes, flags),
    ]
    if let failed = steps.first(where: { $0 != 0 }) { return failed }
    return unsafe Self.withCStrings(words) { words in
      unsafe Self.withCStrings(environment) { environment in
        unsafe posix_spawn(&pid, program, &actions, &attributes, words, environment)
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
