internal import Glibc

/// Keeps a folder to one process: flock(2) on a file in it, freed by the kernel however the process ends.
package final class FolderLock: Sendable {
  package static let fileName = "lock"
  private let descriptor: Int32

  /// Takes the lock, or fails at once.
  /// - Throws: ``SystemError``; errno EWOULDBLOCK when another process has it.
  package init(_ folder: String) throws(SystemError) {
    let path = "\(folder)/\(Self.fileName)"
    descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw SystemError("open", errno: errno, path) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let reason = errno
      close(descriptor)
      throw SystemError("flock", errno: reason, path)
    }
  }

  deinit { close(descriptor) }
}
