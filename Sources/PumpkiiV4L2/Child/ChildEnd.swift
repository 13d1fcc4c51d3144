/// How a child ended.
package enum ChildEnd: Equatable, Sendable {
  /// By itself, with this status.
  case exit(Int32)
  /// By this signal.
  case signal(Int32)
  /// It ended, but another part of the program took its status.
  case unknown

  /// What waitpid(2) says.
  package init(waitStatus: Int32) {
    let signal = waitStatus & 0x7F
    self = signal == 0 ? .exit((waitStatus >> 8) & 0xFF) : .signal(signal)
  }
}
