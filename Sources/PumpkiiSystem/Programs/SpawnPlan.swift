internal import CLibSpawn
internal import Glibc

/// How a program is started: with nothing of ours but what is named here. It begins in `/`, in a group of its own.
package struct SpawnPlan {
  private let standardOutput: Int32?
  private let standardError: Int32?

  /// Descriptors of ours for what it says; nil where nobody listens.
  package init(standardOutput: Int32? = nil, standardError: Int32? = nil) {
    self.standardOutput = standardOutput
    self.standardError = standardError
  }

  /// - Parameters:
  ///   - arguments: the program's own name first.
  ///   - environment: lines of `NAME=value`.
  /// - Returns: 0 or an errno.
  package func run(
    _ executable: String, _ arguments: [String], _ environment: [String], _ pid: inout Int32
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
      Self.connect(1, to: standardOutput, &actions),
      Self.connect(2, to: standardError, &actions),
      // A library that forgot O_CLOEXEC shall not hand a key file or a socket to the child.
      pk_spawn_closefrom(&actions, 3),
      pk_spawn_chdir(&actions, "/"),
      Self.setSignals(&attributes),
    ]
    if let failed = steps.first(where: { $0 != 0 }) { return failed }
    return unsafe Self.withCStrings(arguments) { arguments in
      unsafe Self.withCStrings(environment) { environment in
        unsafe posix_spawn(&pid, executable, &actions, &attributes, arguments, environment)
      }
    }
  }

  private static func connect(
    _ number: Int32, to descriptor: Int32?, _ actions: inout posix_spawn_file_actions_t
  ) -> Int32 {
    guard let descriptor else {
      return unsafe posix_spawn_file_actions_addopen(&actions, number, "/dev/null", O_WRONLY, 0)
    }
    return unsafe posix_spawn_file_actions_adddup2(&actions, descriptor, number)
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
