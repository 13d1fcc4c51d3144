import Foundation

/// What the kernel said since a scenario began.
struct KernelLog {
  private let mark = "lab-\(UUID().uuidString)"

  init() throws {
    let log = try FileHandle(forWritingTo: URL(fileURLWithPath: "/dev/kmsg"))
    try log.write(contentsOf: Data("<6>\(mark)\n".utf8))
    try log.close()
  }

  var lines: [String] {
    get async throws {
      let all = try await Shell.run("dmesg").split(separator: "\n").map(String.init)
      let start = all.lastIndex { $0.contains(mark) } ?? all.startIndex
      return Array(all[start...].dropFirst())
    }
  }

  /// Lines in which the kernel complains about a camera. `Not yet implemented` is vhci's word for a request of the hub
  /// that it answers nevertheless; every device attached to it causes one.
  var complaints: [String] {
    get async throws {
      let words = ["error", "fail", "unable", "timeout", "timed out", "invalid", "oops", "bug:", "warning", "not yet"]
      // A kernel that gets too little of its processor says so, and that is no camera's.
      let others = ["not yet implemented", "clocksource", "soft lockup", "rcu", "hrtimer", "workqueue", "sched"]
      return try await lines.filter { line in
        let text = line.lowercased()
        return words.contains { text.contains($0) } && !others.contains { text.contains($0) }
      }
    }
  }
}
