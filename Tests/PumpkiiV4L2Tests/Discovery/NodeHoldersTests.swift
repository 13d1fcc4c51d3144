import Foundation
import PumpkiiV4L2
import Testing

@Suite struct NodeHoldersTests {
  private func process(_ pid: Int32, _ name: String, _ targets: [String], in tree: FakeTree) throws {
    try tree.write("/proc/\(pid)/comm", name + "\n")
    try tree.folder("/proc/\(pid)/fd")
    for (number, target) in targets.enumerated() { try tree.link("/proc/\(pid)/fd/\(number)", to: target) }
  }

  @Test("checklist 14: who holds a node is named from /proc")
  func named() throws {
    let tree = try FakeTree()
    try process(4711, "ffmpeg", ["/dev/null", "/dev/video0", "/dev/video0"], in: tree)
    try process(12, "bash", ["/dev/video01", "/dev/video1"], in: tree)
    try process(99, "bad\u{1B}[2Jname", ["/dev/video0"], in: tree)
    #expect(tree.directory.holders(of: "/dev/video0") == ["bad[2Jname (pid 99)", "ffmpeg (pid 4711)"])
    #expect(tree.directory.holders(of: "/dev/video7").isEmpty)
  }

  @Test func whoeverAsksIsNotNamedForAskingItself() throws {
    let tree = try FakeTree()
    try process(getpid(), "pumpkii", ["/dev/video0"], in: tree)
    #expect(tree.directory.holders(of: "/dev/video0").isEmpty)
    try process(getpid(), "pumpkii", ["/dev/video0", "/dev/video0"], in: tree)
    #expect(tree.directory.holders(of: "/dev/video0").count == 1)
  }

  @Test func theMachinesOwnProcIsRead() throws {
    let path = NSTemporaryDirectory() + "/pumpkii-held-\(UUID().uuidString)"
    _ = FileManager.default.createFile(atPath: path, contents: nil)
    defer { try? FileManager.default.removeItem(atPath: path) }
    let real = try #require(unsafe realpath(path, nil).map { unsafe String(cString: $0) })
    let first = try #require(FileHandle(forReadingAtPath: real))
    let second = try #require(FileHandle(forReadingAtPath: real))
    defer { withExtendedLifetime((first, second)) {} }
    let holders = V4L2Directory().holders(of: real)
    #expect(holders.count == 1 && holders[0].hasSuffix("(pid \(getpid()))"))
  }
}
