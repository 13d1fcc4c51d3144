internal import Glibc

/// Finds who has a node open, by the descriptors that `/proc` shows. Name and number of a process, nothing more.
package struct NodeHolders {
  private let tree: SysfsTree
  private let own: Int

  /// - Parameter own: descriptors of this process that are not named: 1 where whoever asks holds the node while asking.
  package init(tree: SysfsTree, own: Int) {
    self.tree = tree
    self.own = own
  }

  /// As `ffmpeg (pid 4711)`, by number.
  package func names(of path: String) -> [String] {
    let processes = tree.names(in: tree.path("/proc")).compactMap { Int32($0) }.sorted()
    return processes.compactMap { process in
      let open = count(process, path)
      guard open > (process == getpid() ? own : 0) else { return nil }
      return "\(name(of: process)) (pid \(process))"
    }
  }

  private func count(_ process: Int32, _ path: String) -> Int {
    let folder = tree.path("/proc/\(process)/fd")
    return tree.names(in: folder).count { tree.link("\(folder)/\($0)") == path }
  }

  /// At most 15 characters by the kernel's own rule; control characters a process gave itself are not shown.
  private func name(of process: Int32) -> String {
    let text = tree.text(tree.path("/proc/\(process)/comm")) ?? ""
    let shown = String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }))
    return shown.isEmpty ? "a program" : shown
  }
}
