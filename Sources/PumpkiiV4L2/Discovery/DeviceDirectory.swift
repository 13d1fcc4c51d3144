/// What finds nodes, so that a session can look for its camera anew and a test can say what there is.
package protocol DeviceDirectory: Sendable {
  /// All video nodes, in the order of their numbers.
  func list() -> [V4L2Device]

  /// The node that has this identity now.
  func find(_ id: String) -> V4L2Device?

  /// Other programs that have the node open, `ffmpeg (pid 4711)`, as far as this account may see them.
  func holders(of path: String) -> [String]
}
