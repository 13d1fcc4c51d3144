internal import Glibc

/// A TCP port of this machine's own address at which hosts ask for the webcam.
final class RemoteListener {
  private let descriptor: Int32
  /// The port that was given, where 0 was asked for.
  let port: Int

  /// - Parameter port: 0 for any.
  /// - Throws: ``SimulationError`` when the port is taken.
  init(port: Int) throws(SimulationError) {
    let descriptor = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(truncatingIfNeeded: port)).bigEndian
    // Nothing here is encrypted or asks who is there: never beyond this machine.
    address.sin_addr = in_addr(s_addr: UInt32(INADDR_LOOPBACK).bigEndian)
    var yes: Int32 = 1
    unsafe _ = setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, 4)
    let bound = unsafe Self.generic(&address) { unsafe Glibc.bind(descriptor, $0, $1) }
    guard descriptor >= 0, bound == 0, Glibc.listen(descriptor, 4) == 0 else {
      if descriptor >= 0 { close(descriptor) }
      throw SimulationError(
        .hostControllerRefused, "nothing can listen at port \(port) of this machine",
        advice: "Give another port; USB/IP's own is 3240.")
    }
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    unsafe _ = Self.generic(&address) { pointer, _ in unsafe getsockname(descriptor, pointer, &length) }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    self.descriptor = descriptor
    self.port = Int(UInt16(bigEndian: address.sin_port))
  }

  deinit { close(descriptor) }

  /// Waits for a host; nil when `waker` was raised before.
  func accept(waker: Int32) -> Int32? {
    var entries = [
      pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0), pollfd(fd: waker, events: Int16(POLLIN), revents: 0),
    ]
    while unsafe poll(&entries, 2, -1) < 0, errno == EINTR {}
    guard entries[0].revents != 0 else { return nil }
    let host = Glibc.accept(descriptor, nil, nil)
    guard host >= 0 else { return nil }
    _ = fcntl(host, F_SETFD, FD_CLOEXEC)
    // A host that says nothing is let go after five seconds, so that others can have their turn.
    var patience = timeval(tv_sec: 5, tv_usec: 0)
    unsafe _ = setsockopt(host, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    var yes: Int32 = 1
    unsafe _ = setsockopt(host, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, 4)
    return host
  }

  private static func generic<Result>(
    _ address: inout sockaddr_in, _ body: (UnsafeMutablePointer<sockaddr>, socklen_t) -> Result
  ) -> Result {
    unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }
}
