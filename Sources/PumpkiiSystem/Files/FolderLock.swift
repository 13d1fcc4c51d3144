internal import Glibc

/// Keeps a folder to one process: flock(2) on a file in it, freed by the kernel however the process ends.
package final class FolderLock: Sendable {
  /// Stays behind, empty; what holds is the kernel's lock on it.
  package static let fileName = "lock"
  /// µs between two tries.
  private static let pause: UInt32 = 20_000
  private let descriptor: Int32

  /// Takes the lock, or fails: at once, or after `patience`, which blocks.
  /// - Throws: ``SystemError``; errno EWOULDBLOCK when another process has it.
  package init(_ folder: String, patience: Duration = .zero) throws(SystemError) {
    let end = ContinuousClock.now + patience
    let path = "\(folder)/\(Self.fileName)"
    descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw SystemError("open", errno: errno, path) }
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      let reason = errno
      guard reason == EWOULDBLOCK, ContinuousClock.now < end else {
        close(descriptor)
        throw SystemError("flock", errno: reason, path)
      }
      usleep(Self.pause)
    }
  }

  deinit { close(descriptor) }
}
