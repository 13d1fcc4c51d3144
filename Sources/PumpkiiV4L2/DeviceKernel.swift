/// The one way from this room to the kernel: every system call on a device goes through it, so that tests can stand in
/// for a driver. Results are those of the calls, or −errno; EINTR is retried below.
package protocol DeviceKernel: Sendable {
  /// open(2), always O_CLOEXEC.
  /// - Returns: a descriptor or −errno.
  func open(_ path: String, flags: Int32) -> Int32

  /// close(2).
  func close(_ descriptor: Int32)

  /// ioctl(2); `argument` points to what the request number says.
  /// - Returns: 0 and more, or −errno.
  func ioctl(_ descriptor: Int32, _ request: UInt, _ argument: UnsafeMutableRawPointer?) -> Int32

  /// mmap(2), shared.
  /// - Returns: nil when the kernel refuses.
  func map(_ descriptor: Int32, length: Int, offset: Int64, writable: Bool) -> UnsafeMutableRawPointer?

  /// munmap(2).
  func unmap(_ address: UnsafeMutableRawPointer, length: Int)

  /// poll(2) over `entries`; fills in what happened.
  /// - Parameter timeout: ms; −1 waits for ever.
  /// - Returns: how many entries have something, 0 at the time-out, or −errno.
  func poll(_ entries: inout [PollEntry], timeout: Int32) -> Int32

  /// CLOCK_MONOTONIC in ns.
  func now() -> UInt64

  /// An eventfd that ends a wait; `wake(_:)` raises it and `rest(_:)` takes it down.
  /// - Returns: a descriptor or −errno.
  func makeWaker() -> Int32
  /// Raises a waker; from any thread.
  func wake(_ waker: Int32)
  /// Takes a waker down.
  func rest(_ waker: Int32)
}

/// One descriptor of a poll(2).
package struct PollEntry: Sendable, Equatable {
  /// The descriptor.
  package var descriptor: Int32
  /// What is asked for, POLLIN and so on.
  package var events: Int16
  /// What happened.
  package var happened: Int16 = 0

  /// An entry.
  package init(_ descriptor: Int32, _ events: Int16) {
    self.descriptor = descriptor
    self.events = events
  }
}
