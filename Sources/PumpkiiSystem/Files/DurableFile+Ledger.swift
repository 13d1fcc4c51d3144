internal import Glibc

extension DurableFile {
  /// Shortens a file to `count` bytes; durable when it returns.
  /// - Throws: ``SystemError``.
  package static func cut(_ path: String, to count: Int) throws(SystemError) {
    let descriptor = try open(path, O_WRONLY | O_CLOEXEC, 0)
    defer { close(descriptor) }
    try check(ftruncate(descriptor, off_t(count)), "ftruncate", path)
    try check(fsync(descriptor), "fsync", path)
  }

  /// Overwrites a file, syncs it, and removes it, so that what it held is not left behind as far as a file system
  /// allows: flash and journals may keep an older copy. One that is not there is no error.
  /// - Throws: ``SystemError``.
  package static func destroy(_ path: String) throws(SystemError) {
    guard let held = try read(path) else { return }
    let descriptor = try open(path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC, 0)
    defer { close(descriptor) }
    try writeAll([UInt8](repeating: 0, count: held.count), to: descriptor, path)
    try check(fsync(descriptor), "fsync", path)
    try remove(path)
    try syncFolder(of: path)
  }

  /// Writes to a file of sysfs, or of a folder that stands for it in a test; never makes one.
  /// - Throws: ``SystemError``.
  package static func set(_ path: String, _ text: String) throws(SystemError) {
    let descriptor = try open(path, O_WRONLY | O_TRUNC | O_CLOEXEC, 0)
    defer { close(descriptor) }
    try writeAll(Array(text.utf8), to: descriptor, path)
  }
}
