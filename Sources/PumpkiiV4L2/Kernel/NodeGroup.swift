internal import CPumpkiiV4L2
internal import Glibc

/// The group that may open a node, for advice.
enum NodeGroup {
  /// nil where the node or the group's name cannot be found.
  static func name(of path: String) -> String? {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    var entry = unsafe group()
    var found: UnsafeMutablePointer<group>?
    return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4096) { room in
      guard let base = room.baseAddress,
        unsafe getgrgid_r(status.st_gid, &entry, base, room.count, &found) == 0, unsafe found != nil,
        let name = unsafe entry.gr_name
      else { return nil }
      return unsafe String(cString: name)
    }
  }
}
