internal import Glibc

/// A file that is read in pieces from anywhere in it, also after its name is gone.
package final class ReadableFile: Sendable {
  /// Bytes in it when it was opened.
  package let count: Int
  private let path: String
  private let descriptor: Int32

  /// nil when there is none.
  /// - Throws: ``SystemError``.
  package init?(_ path: String) throws(SystemError) {
    do throws(SystemError) {
      descriptor = try DurableFile.open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC, 0)
    } catch {
      if error.errno == ENOENT { return nil }
      throw error
    }
    self.path = path
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      let number = errno
      close(descriptor)
      throw SystemError("fstat", errno: number, path)
    }
    count = Int(status.st_size)
  }

  deinit { close(descriptor) }

  /// Up to `limit` bytes from `offset`; fewer only at the end.
  /// - Throws: ``SystemError``.
  package func read(at offset: Int, limit: Int) throws(SystemError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: max(0, min(limit, count - offset)))
    var done = 0
    while done < bytes.count {
      let got = unsafe bytes.withUnsafeMutableBytes {
        unsafe pread(descriptor, $0.baseAddress! + done, $0.count - done, offset + done)
      }
      if got < 0, errno == EINTR { continue }
      if got < 0 { throw SystemError("pread", errno: errno, path) }
      if got == 0 { break }
      done += got
    }
    bytes.removeLast(bytes.count - done)
    return bytes
  }
}
