internal import Glibc

/// A system call that failed, with its errno and what it was about.
package struct SystemError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The function's name, as `open`.
  package let call: String
  /// Positive.
  package let errno: Int32
  /// The file or address, as its owner would write it; nil where it would tell too much.
  package let subject: String?

  package init(_ call: String, errno: Int32, _ subject: String? = nil) {
    self.call = call
    self.errno = errno
    self.subject = subject
  }

  package var description: String {
    let reason = unsafe strerror(errno).map { unsafe String(cString: $0) } ?? "error \(errno)"
    return "\(call)\(subject.map { " " + $0 } ?? ""): \(reason)"
  }
}

extension SystemError {
  /// The disk is full.
  package static let noSpace = ENOSPC
  /// Somebody else holds the lock.
  package var isInUse: Bool { call == "flock" && errno == EWOULDBLOCK }
  /// This user may not.
  package var isForbidden: Bool { errno == EACCES || errno == EPERM }
  /// The user's part of the disk is full.
  package static let noQuota = EDQUOT
}
