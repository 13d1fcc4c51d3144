internal import Glibc

/// A file that is read in pieces where they are wanted: films do not fit into memory.
final class SourceFile: Sendable {
  let path: String
  let size: UInt64
  private let descriptor: Int32

  /// - Throws: ``SimulationError`` `sourceUnreadable`.
  init(_ path: String) throws(SimulationError) {
    self.path = path
    descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.unreadable(path, errno) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      Glibc.close(descriptor)
      throw SimulationError(
        .sourceUnreadable, "\(path) is not a file", advice: "Give a film or sound file; a pipe cannot loop.")
    }
    size = UInt64(status.st_size)
  }

  deinit { Glibc.close(descriptor) }

  /// Up to `count` bytes from `offset`; fewer only at the end of the file.
  /// - Throws: ``SimulationError`` `sourceUnreadable`.
  func read(at offset: UInt64, count: Int) throws(SimulationError) -> [UInt8] {
    let wanted = Int(min(UInt64(max(count, 0)), size > offset ? size - offset : 0))
    var failure: Int32 = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: wanted) { buffer, filled in
      while filled < wanted {
        let got = unsafe pread(
          descriptor, buffer.baseAddress?.advanced(by: filled), wanted - filled, off_t(offset) + off_t(filled))
        if got < 0, errno == EINTR { continue }
        if got < 0 { failure = errno }
        guard got > 0 else { return }
        filled += got
      }
    }
    if failure != 0 { throw Self.unreadable(path, failure) }
    return bytes
  }

  private static func unreadable(_ path: String, _ number: Int32) -> SimulationError {
    let reason = unsafe strerror(number).map { unsafe String(cString: $0) } ?? "error \(number)"
    return SimulationError(
      .sourceUnreadable, "\(path): \(reason)", advice: "Check the path and its permissions.")
  }
}
