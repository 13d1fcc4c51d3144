internal import CPumpkiiV4L2
internal import Glibc
internal import PumpkiiSystem
internal import Synchronization

/// A program that writes to a pipe of ours. It has a process group of its own, an empty standard input, and no other
/// descriptor; it never outlives ``end(patience:)``, nor us for long: when we die, its pipe breaks, and the SIGPIPE
/// that its next picture brings ends it.
///
/// (PR_SET_PDEATHSIG would ask which *thread* started it, and a device's thread may end before the child does.)
///
/// Confined to one thread.
final class ChildProcess {
  /// Our end of its standard output; reading never blocks.
  private(set) var output: Int32
  /// Our end of its standard error; reading never blocks.
  private(set) var errors: Int32
  let pid: pid_t
  private var status: ChildEnd?

  /// Children that did not even end by SIGKILL, since a driver holds them; tried again at the next occasion.
  private static let stuck = Mutex<[pid_t]>([])

  /// Starts it.
  /// - Throws: ``SpawnError``.
  init(_ executable: String, _ arguments: [String], environment: [String]) throws(SpawnError) {
    Self.reapStuck()
    let pipes = try ChildPipes()
    var pid: pid_t = 0
    let result = SpawnPlan(standardOutput: pipes.outputWrite, standardError: pipes.errorsWrite).run(
      executable, [executable] + arguments, environment, &pid)
    pipes.closeWriteEnds()
    guard result == 0 else {
      pipes.closeReadEnds()
      throw SpawnError(call: "posix_spawn", errno: result)
    }
    self.pid = pid
    output = pipes.outputRead
    errors = pipes.errorsRead
  }

  deinit { end(patience: .zero) }

  /// True once it ended by itself; it is not reaped by asking, so that its number stays its own.
  var hasEnded: Bool {
    if status != nil { return true }
    var info = unsafe siginfo_t()
    let result = unsafe waitid(P_PID, id_t(pid), &info, WEXITED | WNOHANG | WNOWAIT)
    return unsafe result != 0 || info.si_signo == SIGCHLD
  }

  /// Ends it and all that it started: SIGTERM, after `patience` SIGKILL; reaps it. A second call does nothing.
  @discardableResult
  func end(patience: Duration) -> ChildEnd {
    if let status { return status }
    if !hasEnded {
      _ = kill(-pid, SIGTERM)
      wait(atMost: patience)
    }
    // Also for what it started and left behind; the number cannot be another group's, as the child is not reaped yet.
    _ = kill(-pid, SIGKILL)
    wait(atMost: .seconds(10))
    closePipes()
    let end = hasEnded ? reap() : .unknown
    if !hasEnded { Self.stuck.withLock { $0.append(pid) } }
    status = end
    return end
  }

  private func closePipes() {
    for descriptor in [output, errors] where descriptor >= 0 { _ = close(descriptor) }
    output = -1
    errors = -1
  }

  /// What it still says is read and left: one that has no room in a pipe, or nobody at its end, cannot end in order.
  private func wait(atMost patience: Duration) {
    let clock = ContinuousClock()
    let deadline = clock.now + patience
    var room = [UInt8](repeating: 0, count: 1 << 16)
    while !hasEnded, clock.now < deadline {
      for descriptor in [output, errors] { _ = unsafe read(descriptor, &room, room.count) }
      usleep(2000)
    }
  }

  private func reap() -> ChildEnd {
    var status: Int32 = 0
    return unsafe waitpid(pid, &status, 0) == pid ? ChildEnd(waitStatus: status) : .unknown
  }

  private static func reapStuck() {
    stuck.withLock { $0.removeAll { waitpid($0, nil, WNOHANG) != 0 } }
  }
}
