internal import CPumpkiiV4L2
internal import Glibc
internal import PumpkiiSystem

/// The nodes of `/dev` at one moment, to see by comparing whether anything changed while nobody told us.
struct NodeSnapshot: Equatable {
  /// A node that was made anew under the same name differs by number or time.
  private struct Mark: Equatable {
    let inode: UInt
    let mode: UInt32
    let seconds: Int
    let nanoseconds: Int
  }

  private var marks: [String: Mark] = [:]

  init(folder: String, in tree: SysfsTree) {
    add(folder, tree.names(in: folder).filter(Self.isVideo))
    add(folder + "/snd", tree.names(in: folder + "/snd"))
  }

  static func isVideo(_ name: some StringProtocol) -> Bool { name.hasPrefix("video") }

  private mutating func add(_ folder: String, _ names: [String]) {
    for name in names {
      var status = stat()
      guard unsafe stat("\(folder)/\(name)", &status) == 0 else { continue }
      marks["\(folder)/\(name)"] = Mark(
        inode: UInt(status.st_ino), mode: UInt32(status.st_mode), seconds: status.st_ctim.tv_sec,
        nanoseconds: status.st_ctim.tv_nsec)
    }
  }
}
