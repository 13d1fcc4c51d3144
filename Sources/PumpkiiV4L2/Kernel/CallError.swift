internal import Glibc

/// A call on a device that the driver refused, before it is put into words.
package struct CallError: Error, Sendable, Equatable {
  /// The request's name without its prefix: `S_FMT`, `STREAMON`; `open` for the opening.
  package let call: String
  /// What the kernel said, positive.
  package let errno: Int32

  /// A refusal.
  package init(_ call: String, errno: Int32) {
    self.call = call
    self.errno = errno
  }

  /// True where the device is no longer there, whatever was asked of it.
  package var isGone: Bool { errno == ENODEV || errno == ENXIO }
}
