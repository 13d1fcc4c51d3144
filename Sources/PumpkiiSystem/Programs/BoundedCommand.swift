internal import Glibc

/// A program that is run to its end, or killed when it takes too long. It gets nothing of ours: no descriptor, no
/// working directory, and only the environment that is named. Blocks.
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
  /// - Throws: ``SystemError``: from `posix_spawn`; ETIMEDOUT when it was killed; EPROTO when it ended otherwise than
  ///   by 0.
  package func run(_ last: String? = nil, patience: Duration = .seconds(5)) throws(SystemError) {
    var pid: pid_t = 0
    let words = [program] + arguments + (last.map { [$0] } ?? [])
    let result = SpawnPlan().run(program, words, environment, &pid)
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
}
