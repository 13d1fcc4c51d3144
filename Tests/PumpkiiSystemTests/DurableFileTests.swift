import Glibc
import PumpkiiSystem
import Testing

@Suite struct DurableFileTests {
  /// A pipe in a folder of its own, open at both ends.
  private func withPipe(_ body: (_ path: String, _ reader: Int32) throws -> Void) throws {
    let folder = "/tmp/pumpkii-system-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    try DurableFile.makeFolder(folder)
    let path = "\(folder)/pipe"
    try #require(unsafe mkfifo(path, 0o600) == 0)
    let reader = unsafe open(path, O_RDWR | O_NONBLOCK)
    defer {
      close(reader)
      unsafe unlink(path)
      unsafe rmdir(folder)
    }
    try body(path, reader)
  }

  private func isPipe(_ path: String) -> Bool {
    var status = stat()
    return unsafe lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO
  }

  @Test func whatIsNoFileIsWrittenToAndNeverReplaced() throws {
    try withPipe { path, reader in
      try DurableFile.write([1, 2, 3], to: path)
      #expect(isPipe(path))
      var got = [UInt8](repeating: 0, count: 8)
      #expect(unsafe read(reader, &got, 8) == 3)
    }
  }

  @Test func beginningAFileLeavesADeviceInItsPlace() throws {
    try withPipe { path, _ in
      try DurableFile.begin(path)
      #expect(isPipe(path))
    }
  }

  @Test func oneFileUnderTwoNamesIsTheSame() throws {
    let path = "/tmp/pumpkii-system-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    defer { for name in [path, path + ".hard", path + ".soft", path + ".other"] { unsafe unlink(name) } }
    for name in [path, path + ".other"] { try DurableFile.write([1], to: name) }
    try #require(unsafe link(path, path + ".hard") == 0 && symlink(path, path + ".soft") == 0)
    for name in [path, path + ".hard", path + ".soft", "/tmp/.." + path] { #expect(DurableFile.isSame(path, name)) }
    #expect(!DurableFile.isSame(path, path + ".other") && !DurableFile.isSame(path, path + ".none"))
    #expect(!DurableFile.isSame(path + ".none", path + ".none"))
  }

  @Test func beginningAFileEmptiesItWithItsOwnMode() throws {
    let path = "/tmp/pumpkii-system-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    defer { unsafe unlink(path) }
    try DurableFile.write([1], to: path, mode: 0o644)
    try DurableFile.begin(path)
    #expect(try DurableFile.read(path) == [])
    var status = stat()
    unsafe stat(path, &status)
    #expect(status.st_mode & 0o777 == 0o600)
  }
}
