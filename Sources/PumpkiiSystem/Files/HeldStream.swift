internal import Glibc

/// A pipe that stays open for writing, so that whoever reads it sees no end between two writes.
package final class HeldStream: Sendable {
  private let descriptor: Int32
  private let path: String

  /// Waits until somebody reads.
  /// - Throws: ``SystemError``.
  package init(_ path: String) throws(SystemError) {
    self.path = path
    descriptor = try DurableFile.open(path, O_WRONLY | O_CLOEXEC, 0)
  }

  /// Writes all of it. Blocks.
  /// - Throws: ``SystemError``: EPIPE once nobody reads any more.
  package func write(_ bytes: [UInt8]) throws(SystemError) { try DurableFile.writeAll(bytes, to: descriptor, path) }

  deinit { close(descriptor) }
}
