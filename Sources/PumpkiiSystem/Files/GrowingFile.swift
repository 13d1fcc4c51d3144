internal import Glibc
internal import Synchronization

/// A file that is written piece by piece and stands under its name only whole: ``finish(at:)`` syncs it, renames it and
/// syncs the folder. One that is not finished is removed. One thread at a time.
package final class GrowingFile: Sendable {
  private let path: String
  /// nil once it is finished or discarded.
  private let descriptor: Mutex<Int32?>

  /// Begins a new file; one that is there already is an error.
  /// - Throws: ``SystemError``.
  package init(_ path: String, mode: UInt32 = 0o600) throws(SystemError) {
    self.path = path
    descriptor = Mutex(try DurableFile.open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode))
  }

  deinit { discard() }

  /// Adds `bytes` at the end.
  /// - Throws: ``SystemError``.
  package func append(_ bytes: [UInt8]) throws(SystemError) {
    try descriptor.withLock { (descriptor) throws(SystemError) in
      guard let descriptor else { throw SystemError("write", errno: EBADF, path) }
      try DurableFile.writeAll(bytes, to: descriptor, path)
    }
  }

  /// Gives the file its name, in the same file system; durable when it returns. A failure removes the file.
  /// - Throws: ``SystemError``.
  package func finish(at name: String) throws(SystemError) {
    do throws(SystemError) {
      try descriptor.withLock { (held) throws(SystemError) in
        guard let descriptor = held else { throw SystemError("fsync", errno: EBADF, path) }
        try DurableFile.check(fsync(descriptor), "fsync", path)
        try DurableFile.check(unsafe rename(path, name), "rename", name)
        close(descriptor)
        held = nil
      }
    } catch {
      discard()
      throw error
    }
    try DurableFile.syncFolder(of: name)
  }

  /// Removes it, unless it is finished.
  package func discard() {
    descriptor.withLock { held in
      guard let descriptor = held else { return }
      close(descriptor)
      unsafe unlink(path)
      held = nil
    }
  }
}
