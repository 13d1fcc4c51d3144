internal import Glibc

/// Keeps a pipe open for writing, so that whoever reads it sees no end between two writes.
package final class HeldStream: Sendable {
  private let descriptor: Int32

  /// Waits until somebody reads.
  /// - Throws: ``SystemError``.
  package init(_ path: String) throws(SystemError) {
    descriptor = try DurableFile.open(path, O_WRONLY | O_CLOEXEC, 0)
  }

  deinit { close(descriptor) }
}
