internal import CPumpkiiV4L2
internal import Glibc
package import PumpkiiCapture

/// An open node with typed calls over the kernel: the only place that builds ioctl structures. Used from one thread.
package final class V4L2Handle {
  /// The node, `/dev/video0`.
  package let path: String
  /// Where its calls go.
  package let kernel: any DeviceKernel
  /// The descriptor, −1 once closed.
  package private(set) var descriptor: Int32

  /// How often a call is tried that says it timed out: control transfers of USB cameras do.
  static let attempts = 4

  /// Opens the node without blocking mode: a dead camera would hold the thread in DQBUF.
  /// - Throws: ``CaptureError`` as ``CallFailure`` words it; `busy` without the holder, which the caller may know.
  package init(path: String, kernel: any DeviceKernel) throws(CaptureError) {
    self.path = path
    self.kernel = kernel
    descriptor = kernel.open(path, flags: O_RDWR | O_NONBLOCK)
    if descriptor < 0 {
      let errno = -descriptor
      descriptor = -1
      throw CallFailure.error("open", errno: errno, path: path, holder: nil)
    }
  }

  deinit { close() }

  /// Closes the descriptor; a second call does nothing.
  package func close() {
    guard descriptor >= 0 else { return }
    kernel.close(descriptor)
    descriptor = -1
  }

  /// One ioctl. EINTR is tried again, a bounded number of times.
  /// - Returns: 0 and more, or −errno.
  package func call<Argument>(_ request: UInt, _ argument: inout Argument) -> Int32 {
    unsafe withUnsafeMutablePointer(to: &argument) { pointer in
      unsafe raw(request, UnsafeMutableRawPointer(pointer))
    }
  }

  /// As ``call(_:_:)`` for what goes to the device by a control transfer, which may time out: tried again, bounded.
  /// - Returns: 0 and more, or −errno.
  package func patientCall<Argument>(_ request: UInt, _ argument: inout Argument) -> Int32 {
    var result: Int32 = 0
    for _ in 0..<Self.attempts {
      result = call(request, &argument)
      guard result == -EAGAIN || result == -ETIMEDOUT else { break }
    }
    return result
  }

  /// As ``patientCall(_:_:)``.
  /// - Throws: ``CallError`` with the name.
  package func require<Argument>(
    _ name: String, _ request: UInt, _ argument: inout Argument
  ) throws(CallError) {
    let result = patientCall(request, &argument)
    if result < 0 { throw CallError(name, errno: -result) }
  }

  /// One ioctl on memory of the caller's.
  func raw(_ request: UInt, _ argument: UnsafeMutableRawPointer?) -> Int32 {
    var result: Int32 = 0
    for _ in 0..<64 {
      result = unsafe kernel.ioctl(descriptor, request, argument)
      guard result == -EINTR else { break }
    }
    return result
  }
}
