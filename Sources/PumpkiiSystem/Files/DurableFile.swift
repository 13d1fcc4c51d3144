internal import Glibc
internal import Synchronization

/// Files that survive a power cut: written beside, synced, renamed, and the folder synced. The one funnel for file
/// system calls of the rooms above.
package enum DurableFile {
  private static let writes = Atomic<UInt64>(0)

  /// Replaces `path` by `bytes`, or leaves the old file whole. The folder must exist. What is no file (`/dev/null`, a
  /// pipe) is written to, never replaced.
  /// - Throws: ``SystemError``.
  package static func write(_ bytes: [UInt8], to path: String, mode: UInt32 = 0o600) throws(SystemError) {
    guard !isSpecial(path) else { return try append(bytes, to: path, sync: false) }
    // A name of its own for each write, so that two of one process do not write into one file.
    let temporary = "\(path).new.\(getpid()).\(writes.wrappingAdd(1, ordering: .relaxed).oldValue)"
    // What lies there is of a process that died, or a link that somebody laid.
    try remove(temporary)
    let descriptor = try open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
    do throws(SystemError) {
      try writeAll(bytes, to: descriptor, temporary)
      try check(fsync(descriptor), "fsync", temporary)
    } catch {
      close(descriptor)
      unsafe unlink(temporary)
      throw error
    }
    close(descriptor)
    try check(unsafe Glibc.rename(temporary, path), "rename", path)
    try syncFolder(of: path)
  }

  /// Adds `bytes` at the end and syncs.
  /// - Throws: ``SystemError``.
  package static func append(_ bytes: [UInt8], to path: String, mode: UInt32 = 0o600, sync: Bool = true)
    throws(SystemError)
  {
    let descriptor = try open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, mode)
    defer { close(descriptor) }
    try writeAll(bytes, to: descriptor, path)
    if sync { try check(fsync(descriptor), "fsync", path) }
  }

  /// The whole file, nil when there is none.
  /// - Throws: ``SystemError``, also when it is larger than `limit` (errno EFBIG).
  package static func read(_ path: String, limit: Int = 64 << 20) throws(SystemError) -> [UInt8]? {
    let descriptor: Int32
    do throws(SystemError) {
      descriptor = try open(path, O_RDONLY | O_CLOEXEC, 0)
    } catch {
      if error.errno == ENOENT { return nil }
      throw error
    }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe Glibc.read(descriptor, &chunk, chunk.count)
      if count == 0 { return bytes }
      if count < 0 {
        if errno == EINTR { continue }
        throw SystemError("read", errno: errno, path)
      }
      bytes.append(contentsOf: chunk[..<count])
      if bytes.count > limit { throw SystemError("read", errno: EFBIG, path) }
    }
  }

  /// Makes a folder and its parents with mode 0700; one that exists is left as it is.
  /// - Throws: ``SystemError``.
  package static func makeFolder(_ path: String, mode: UInt32 = 0o700) throws(SystemError) {
    var made = path.hasPrefix("/") ? "" : "."
    for part in path.split(separator: "/") {
      made += "/\(part)"
      if unsafe mkdir(made, mode) != 0, errno != EEXIST { throw SystemError("mkdir", errno: errno, made) }
    }
  }

  /// Makes `path` an empty file, a new one where there was an old one. What is no file (`/dev/null`, a pipe) is left as it
  /// is: root would take the device away from the whole machine.
  /// - Throws: ``SystemError``.
  package static func begin(_ path: String, mode: UInt32 = 0o600) throws(SystemError) {
    guard !isSpecial(path) else { return }
    try remove(path)
    try append([], to: path, mode: mode, sync: false)
  }

  /// Takes a file's rights from everybody but its owner; one that is not there is left alone.
  package static func restrict(_ path: String) { unsafe chmod(path, 0o600) }

  /// True for devices, pipes and sockets, also behind a link.
  package static func isSpecial(_ path: String) -> Bool {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return false }
    return status.st_mode & S_IFMT != S_IFREG && status.st_mode & S_IFMT != S_IFDIR
  }

  /// True for a folder, also behind a link.
  package static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Whether a file or folder is there and this user may not read and write it, or may not even look for it.
  package static func isForbidden(_ path: String) -> Bool {
    let mode = isFolder(path) ? R_OK | W_OK | X_OK : R_OK | W_OK
    return unsafe access(path, mode) != 0 && errno == EACCES
  }

  /// Whether two names are of one file, by links or by another way to write its path; false where either is not there.
  package static func isSame(_ path: String, _ other: String) -> Bool {
    var (first, second) = (stat(), stat())
    guard unsafe stat(path, &first) == 0, unsafe stat(other, &second) == 0 else { return false }
    return first.st_dev == second.st_dev && first.st_ino == second.st_ino
  }

  /// Removes a file; one that is not there is no error.
  /// - Throws: ``SystemError``.
  package static func remove(_ path: String) throws(SystemError) {
    if unsafe unlink(path) != 0, errno != ENOENT { throw SystemError("unlink", errno: errno, path) }
  }

  /// Names in a folder without `.` and `..`, sorted; empty when there is none.
  /// - Throws: ``SystemError``.
  package static func list(_ path: String) throws(SystemError) -> [String] {
    guard let folder = unsafe opendir(path) else {
      if errno == ENOENT { return [] }
      throw SystemError("opendir", errno: errno, path)
    }
    defer { unsafe _ = closedir(folder) }
    var names: [String] = []
    while let entry = unsafe readdir(folder) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// A file's size in bytes and the time of its last change in Unix seconds; nil when there is none.
  package static func status(_ path: String) -> (byteCount: Int, modified: UInt64)? {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    return (Int(status.st_size), UInt64(max(status.st_mtim.tv_sec, 0)))
  }

  /// Sets the time of a file's last change.
  /// - Throws: ``SystemError``.
  package static func date(_ path: String, _ seconds: UInt64) throws(SystemError) {
    let times = [timespec](repeating: timespec(tv_sec: time_t(seconds), tv_nsec: 0), count: 2)
    try check(unsafe utimensat(AT_FDCWD, path, times, 0), "utimensat", path)
  }

  /// At most `count` bytes from `offset` on; fewer at the end of the file.
  /// - Throws: ``SystemError``.
  package static func read(_ path: String, from offset: Int, count: Int) throws(SystemError) -> [UInt8] {
    let descriptor = try open(path, O_RDONLY | O_CLOEXEC, 0)
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      let got = unsafe bytes.withUnsafeMutableBytes {
        unsafe pread(descriptor, $0.baseAddress! + done, count - done, off_t(offset + done))
      }
      if got == 0 { break }
      if got < 0 {
        if errno == EINTR { continue }
        throw SystemError("read", errno: errno, path)
      }
      done += got
    }
    bytes.removeLast(count - done)
    return bytes
  }

  /// Whether the file system of `folder` has no room to speak of: less than a megabyte, beside what is to be written.
  package static func isFull(_ folder: String, for byteCount: Int = 0) -> Bool {
    var status = statvfs()
    guard unsafe statvfs(folder, &status) == 0 else { return false }
    return status.f_bavail * status.f_frsize < UInt(byteCount) + 1 << 20 || (status.f_files > 0 && status.f_favail == 0)
  }

  /// Gives a file of which everything is synced another name in the same folder; durable when it returns.
  /// - Throws: ``SystemError``.
  package static func rename(_ path: String, to name: String) throws(SystemError) {
    try check(unsafe Glibc.rename(path, name), "rename", name)
    try syncFolder(of: name)
  }

  /// Whether a file or folder is there.
  package static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

  static func open(_ path: String, _ flags: Int32, _ mode: UInt32) throws(SystemError) -> Int32 {
    while true {
      let descriptor = unsafe Glibc.open(path, flags, mode)
      if descriptor >= 0 { return descriptor }
      if errno != EINTR { throw SystemError("open", errno: errno, path) }
    }
  }

  static func writeAll(_ bytes: [UInt8], to descriptor: Int32, _ path: String) throws(SystemError) {
    var done = 0
    while done < bytes.count {
      let count = unsafe bytes.withUnsafeBytes {
        unsafe Glibc.write(descriptor, $0.baseAddress! + done, bytes.count - done)
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw SystemError("write", errno: errno, path)
      }
      done += count
    }
  }

  /// Makes names in the folder of `path` durable.
  /// - Throws: ``SystemError``.
  package static func syncFolder(of path: String) throws(SystemError) {
    let cut = path.lastIndex(of: "/")
    let folder = cut.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let descriptor = try open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
    defer { close(descriptor) }
    try check(fsync(descriptor), "fsync", folder)
  }

  static func check(_ result: Int32, _ call: String, _ subject: String) throws(SystemError) {
    if result != 0 { throw SystemError(call, errno: errno, subject) }
  }
}
