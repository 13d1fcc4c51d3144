import Glibc
import Synchronization

/// A TCP connection between a camera and its relay that a test can cut and mend: a small proxy with two threads a
/// connection, which closes what it has and takes nothing new while it is cut.
final class Cable: Sendable {
  struct Failure: Error {
    let call: String
  }

  private struct State {
    var isCut = false
    var isClosed = false
    /// Both ends of everything that is connected.
    var sockets: Set<Int32> = []
    var accepted = 0
    /// What went from the camera to the relay, connection by connection, mixed as it came.
    var sent: [UInt8] = []
  }

  /// Bytes of ``sent`` kept at most.
  private static let memory = 64 << 20

  /// What the camera connects to.
  let port: Int
  private let target: Int
  private let listener: Int32
  private let state = Mutex(State())

  init(to target: Int) throws {
    self.target = target
    let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    listener = socket
    guard socket >= 0 else { throw Failure(call: "socket") }
    var address = Self.loopback(0)
    guard unsafe Self.pass(&address, { unsafe bind(socket, $0, $1) }) == 0, listen(socket, 64) == 0 else {
      throw Failure(call: "bind")
    }
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let named = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe getsockname(socket, $0, &length) }
    }
    guard named == 0 else { throw Failure(call: "getsockname") }
    port = Int(UInt16(bigEndian: address.sin_port))
    Threads.start { self.accept() }
  }

  /// Everything that the camera sent so far.
  var sent: [UInt8] { state.withLock { $0.sent } }

  /// Connections that were let through so far.
  var connections: Int { state.withLock { $0.accepted } }

  /// Ends every connection and takes no new one.
  func cut() {
    let sockets = state.withLock { state in
      state.isCut = true
      return state.sockets
    }
    for socket in sockets { shutdown(socket, Int32(SHUT_RDWR)) }
  }

  /// Takes connections again.
  func mend() { state.withLock { $0.isCut = false } }

  func close() {
    state.withLock { $0.isClosed = true }
    cut()
    shutdown(listener, Int32(SHUT_RDWR))
  }

  private func accept() {
    while true {
      let near = Glibc.accept(listener, nil, nil)
      if state.withLock({ $0.isClosed }) || near < 0 {
        if near >= 0 { Glibc.close(near) }
        Glibc.close(listener)
        return
      }
      guard !state.withLock({ $0.isCut }), let far = connect() else {
        Glibc.close(near)
        continue
      }
      join(near, far)
    }
  }

  private func join(_ near: Int32, _ far: Int32) {
    let isCut = state.withLock { state in
      state.sockets.formUnion([near, far])
      state.accepted += 1
      return state.isCut
    }
    if isCut { for socket in [near, far] { shutdown(socket, Int32(SHUT_RDWR)) } }
    let open = Open(count: 2)
    for (from, to) in [(near, far), (far, near)] {
      Threads.start {
        Self.pump(from, to) { bytes in
          guard from == near else { return }
          self.state.withLock { if $0.sent.count < Self.memory { $0.sent += bytes } }
        }
        guard open.leave() else { return }
        self.state.withLock { $0.sockets.subtract([near, far]) }
        Glibc.close(near)
        Glibc.close(far)
      }
    }
  }

  /// Copies until one end is gone, then tells the other.
  private static func pump(_ from: Int32, _ to: Int32, _ seen: (ArraySlice<UInt8>) -> Void) {
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes { unsafe recv(from, $0.baseAddress, $0.count, 0) }
      guard count > 0 else { break }
      seen(buffer[..<count])
      var done = 0
      while done < count {
        let sent = unsafe buffer.withUnsafeBytes {
          unsafe send(to, $0.baseAddress! + done, count - done, Int32(MSG_NOSIGNAL))
        }
        guard sent > 0 else { break }
        done += sent
      }
      guard done == count else { break }
    }
    shutdown(to, Int32(SHUT_RDWR))
    shutdown(from, Int32(SHUT_RDWR))
  }

  private func connect() -> Int32? {
    let far = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = Self.loopback(UInt16(target))
    guard unsafe Self.pass(&address, { unsafe Glibc.connect(far, $0, $1) }) == 0 else {
      Glibc.close(far)
      return nil
    }
    return far
  }

  private static func loopback(_ port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
  }

  private static func pass(
    _ address: inout sockaddr_in, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }

  /// Counts threads that still use a pair of sockets: the last closes them.
  private final class Open: Sendable {
    private let count: Mutex<Int>
    init(count: Int) { self.count = Mutex(count) }
    func leave() -> Bool {
      count.withLock { count in
        count -= 1
        return count == 0
      }
    }
  }
}
