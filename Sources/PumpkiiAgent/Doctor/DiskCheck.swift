internal import Glibc

/// Whether the agent's folder has room: a full disk must not be found out by a permission that cannot be stored.
package enum DiskCheck {
  /// Bytes below which nothing can be promised, and below which recordings will be short.
  static let least: UInt64 = 16 << 20
  static let comfortable: UInt64 = 1 << 30

  static func findings(_ home: String) -> [Finding] {
    var folder = home
    // The folder may not be there yet; what counts is the disk it will be on.
    while !folder.isEmpty, unsafe access(folder, F_OK) != 0 {
      folder = folder.lastIndex(of: "/").map { String(folder[..<$0]) } ?? ""
    }
    var state = statvfs()
    let path = folder.isEmpty ? "/" : folder
    guard unsafe statvfs(path, &state) == 0 else {
      return [Finding(.warning, "disk", "the disk of \(home) cannot be asked", advice: "Check the path after --home.")]
    }
    return [finding(home, free: UInt64(state.f_bavail) * UInt64(state.f_frsize))]
  }

  package static func finding(_ home: String, free: UInt64) -> Finding {
    let text = "\(free >> 20) MiB free for \(home)"
    if free < least {
      return Finding(.problem, "disk", text, advice: "Make room: even keys and permissions may not be stored.")
    }
    if free < comfortable { return Finding(.warning, "disk", text, advice: "Make room before anything is recorded.") }
    return Finding(.ok, "disk", text)
  }
}
