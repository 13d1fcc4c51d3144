internal import CPumpkiiV4L2
internal import Glibc

/// A child that could not be started.
struct SpawnError: Error {
  let call: String
  /// Positive.
  let errno: Int32
}

/// The two pipes of a child; whoever holds it closes the ends.
struct ChildPipes {
  let outputRead: Int32
  let outputWrite: Int32
  let errorsRead: Int32
  let errorsWrite: Int32

  init() throws(SpawnError) {
    (outputRead, outputWrite) = try Self.make()
    do throws(SpawnError) {
      (errorsRead, errorsWrite) = try Self.make()
    } catch {
      close(outputRead)
      close(outputWrite)
      throw error
    }
  }

  private static func make() throws(SpawnError) -> (read: Int32, write: Int32) {
    var ends: [Int32] = [-1, -1]
    let result = unsafe pk_pipe(&ends)
    if result < 0 { throw SpawnError(call: "pipe", errno: -result) }
    // Our end alone: the child's programs expect to block.
    _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
    return (ends[0], ends[1])
  }

  func closeWriteEnds() {
    close(outputWrite)
    close(errorsWrite)
  }

  func closeReadEnds() {
    close(outputRead)
    close(errorsRead)
  }
}

/// What a child is started with: nothing of ours but its two pipes.
struct SpawnPlan {
  let standardOutput: Int32
  let standardError: Int32

  /// - Returns: 0 or an errno.
  func run(
    _ executable: String, _ arguments: [String], _ environment: [String], _ pid: inout pid_t
  ) -> Int32 {
    var actions = unsafe posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    unsafe posix_spawn_file_actions_init(&actions)
    unsafe posix_spawnattr_init(&attributes)
    defer {
      unsafe posix_spawn_file_actions_destroy(&actions)
      unsafe posix_spawnattr_destroy(&attributes)
    }
    let steps = unsafe [
      posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0),
      posix_spawn_file_actions_adddup2(&actions, standardOutput, 1),
      posix_spawn_file_actions_adddup2(&actions, standardError, 2),
      // A library that forgot O_CLOEXEC shall not hand a key file or a socket to the child.
      posix_spawn_file_actions_addclosefrom_np(&actions, 3),
      posix_spawn_file_actions_addchdir_np(&actions, "/"),
      Self.setSignals(&attributes),
    ]
    if let failed = steps.first(where: { $0 != 0 }) { return failed }
    return unsafe Self.withCStrings(arguments) { arguments in
      unsafe Self.withCStrings(environment) { environment in
        unsafe posix_spawn(&pid, executable, &actions, &attributes, arguments, environment)
      }
    }
  }

  /// A group of its own, no signal blocked, none ignored: SIGPIPE, which servers ignore, is what ends an orphan.
  private static func setSignals(_ attributes: inout posix_spawnattr_t) -> Int32 {
    var all = sigset_t()
    var none = sigset_t()
    unsafe sigfillset(&all)
    unsafe sigemptyset(&none)
    let flags = Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK)
    let steps = unsafe [
      posix_spawnattr_setpgroup(&attributes, 0), posix_spawnattr_setsigdefault(&attributes, &all),
      posix_spawnattr_setsigmask(&attributes, &none), posix_spawnattr_setflags(&attributes, flags),
    ]
    return steps.first { $0 != 0 } ?? 0
  }

  private static func withCStrings<Result>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let copies = unsafe strings.map { unsafe strdup($0) }
    defer { unsafe copies.forEach { unsafe free($0) } }
    return unsafe body(copies + [nil])
  }
}
