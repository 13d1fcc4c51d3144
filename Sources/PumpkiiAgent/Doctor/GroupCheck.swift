internal import Glibc

/// Whether this account is in the groups whose nodes cameras and sound cards are.
enum GroupCheck {
  static func findings() -> [Finding] {
    if geteuid() == 0 {
      return [Finding(.ok, "groups", "root may open everything; an account in the groups video and audio would do")]
    }
    let missing = ["video", "audio"].filter { name in number(of: name).map { !isMember($0) } ?? false }
    guard !missing.isEmpty else { return [Finding(.ok, "groups", "this account is in the groups video and audio")] }
    let names = missing.joined(separator: ",")
    return [
      Finding(
        .warning, "groups", "this account is not in: \(names)",
        advice: "sudo usermod -aG \(names) \"$USER\", then log in again.")
    ]
  }

  private static func isMember(_ wanted: gid_t) -> Bool {
    if getegid() == wanted { return true }
    let count = getgroups(0, nil)
    guard count > 0 else { return false }
    var groups = [gid_t](repeating: 0, count: Int(count))
    let got = unsafe getgroups(count, &groups)
    return groups.prefix(max(Int(got), 0)).contains(wanted)
  }

  /// Nil where there is no such group.
  private static func number(of name: String) -> gid_t? {
    var entry = unsafe group()
    var found: UnsafeMutablePointer<group>?
    return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4096) { room in
      guard let base = room.baseAddress, unsafe getgrnam_r(name, &entry, base, room.count, &found) == 0,
        unsafe found != nil
      else { return nil }
      return unsafe entry.gr_gid
    }
  }
}
