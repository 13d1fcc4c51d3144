internal import CPumpkiiV4L2
internal import Glibc
internal import PumpkiiSystem

/// The kernel itself.
package struct LinuxKernel: DeviceKernel {
  /// The kernel this process runs on.
  package init() {}

  /// open(2).
  /// - Returns: a descriptor or −errno.
  package func open(_ path: String, flags: Int32) -> Int32 { unsafe pk_open(path, flags) }

  /// close(2), whose errors change nothing for us: the descriptor is gone in any case.
  package func close(_ descriptor: Int32) { _ = Glibc.close(descriptor) }

  /// ioctl(2).
  /// - Returns: 0 and more, or −errno.
  package func ioctl(_ descriptor: Int32, _ request: UInt, _ argument: UnsafeMutableRawPointer?) -> Int32 {
    unsafe pk_ioctl(descriptor, request, argument)
  }

  /// mmap(2), shared.
  /// - Returns: nil when the kernel refuses.
  package func map(_ descriptor: Int32, length: Int, offset: Int64, writable: Bool) -> UnsafeMutableRawPointer? {
    let protection = writable ? PROT_READ | PROT_WRITE : PROT_READ
    let address = unsafe mmap(nil, length, protection, MAP_SHARED, descriptor, off_t(offset))
    return unsafe address == MAP_FAILED ? nil : address
  }

  /// munmap(2).
  package func unmap(_ address: UnsafeMutableRawPointer, length: Int) { _ = unsafe munmap(address, length) }

  /// poll(2). `PollEntry` lies in memory as `pollfd` does, so that nothing is copied.
  /// - Returns: how many entries have something, 0 at the time-out, or −errno.
  package func poll(_ entries: inout [PollEntry], timeout: Int32) -> Int32 {
    unsafe entries.withUnsafeMutableBytes { bytes in
      let count = bytes.count / MemoryLayout<pollfd>.stride
      let result = unsafe Glibc.poll(bytes.baseAddress?.assumingMemoryBound(to: pollfd.self), nfds_t(count), timeout)
      return result < 0 ? -errno : result
    }
  }

  /// CLOCK_MONOTONIC in ns.
  package func now() -> UInt64 { Clocks.monotonic() }

  /// An eventfd.
  /// - Returns: a descriptor or −errno.
  package func makeWaker() -> Int32 { pk_eventfd() }

  /// Raises it; a full counter is raised already.
  package func wake(_ waker: Int32) {
    var one: UInt64 = 1
    _ = unsafe write(waker, &one, 8)
  }

  /// Takes it down; an empty counter is down already.
  package func rest(_ waker: Int32) {
    var count: UInt64 = 0
    _ = unsafe read(waker, &count, 8)
  }
}
