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

/// A window that moves over a file, for parsers that look at single bytes.
struct FileWindow {
  private static let piece = 1 << 18
  let file: SourceFile
  private var bytes: [UInt8] = []
  private var base: UInt64 = 0

  init(_ file: SourceFile) { self.file = file }

  /// The byte at `offset`, nil behind the end.
  mutating func byte(_ offset: UInt64) throws(SimulationError) -> UInt8? {
    if offset < base || offset - base >= UInt64(bytes.count) {
      guard offset < file.size else { return nil }
      base = offset
      bytes = try file.read(at: offset, count: Self.piece)
      if bytes.isEmpty { return nil }
    }
    return bytes[Int(offset - base)]
  }

  /// Two bytes, most significant first.
  mutating func word(_ offset: UInt64) throws(SimulationError) -> Int? {
    guard let high = try byte(offset), let low = try byte(offset + 1) else { return nil }
    return Int(high) << 8 | Int(low)
  }

  /// Where `value` stands next, from `offset` on; nil when nowhere.
  mutating func find(_ value: UInt8, from offset: UInt64) throws(SimulationError) -> UInt64? {
    var at = offset
    while try byte(at) != nil {
      let start = Int(at - base)
      let found = unsafe bytes.withUnsafeBufferPointer { buffer -> Int? in
        guard let first = buffer.baseAddress,
          let hit = unsafe memchr(first + start, Int32(value), buffer.count - start)
        else { return nil }
        return unsafe hit - UnsafeMutableRawPointer(mutating: first)
      }
      if let found { return base + UInt64(found) }
      at = base + UInt64(bytes.count)
    }
    return nil
  }
}
