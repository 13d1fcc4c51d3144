import Foundation
import Glibc
import PumpkiiSystem

/// A disk of a few megabytes in memory over a folder, which a test fills; only root can lay one.
final class FullDisk: Sendable {
  static let isPossible = geteuid() == 0 && canMount()
  private let folder: String
  private var filler: String { "\(folder)/filler" }

  init(over folder: String, megabytes: Int = 4) throws {
    self.folder = folder
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    guard unsafe mount("tmpfs", folder, "tmpfs", 0, "size=\(megabytes)m") == 0 else {
      throw SystemError("mount", errno: errno, folder)
    }
  }

  deinit { unsafe umount2(folder, Int32(MNT_DETACH)) }

  /// Leaves no byte, or this many kilobytes; somebody else's file takes the rest.
  func fill(leaving kilobytes: Int = 0) {
    let descriptor = unsafe open(filler, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    defer { close(descriptor) }
    let bytes = [UInt8](repeating: 1, count: 4096)
    var count = 0
    while unsafe write(descriptor, bytes, bytes.count) > 0 { count += bytes.count }
    ftruncate(descriptor, off_t(max(count - kilobytes << 10, 0)))
  }

  /// There is room again.
  func free() { unsafe unlink(filler) }

  private static func canMount() -> Bool {
    let probe = NSTemporaryDirectory() + "pumpkii-probe-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: probe) }
    return (try? FullDisk(over: probe, megabytes: 1)) != nil
  }
}
