internal import Glibc
internal import PumpkiiSystem

/// The device's end of a USB/IP connection. Never blocks but in ``wait(until:)``; confined to one thread.
final class WebcamConnection {
  /// Bytes that wait for the host at most, before nothing more is made for it.
  static let highWater = 1 << 20
  /// Bytes of requests that wait to be looked at; a request is shorter.
  private static let longestRequests = 1 << 18
  /// Read in one go; requests beyond it wait in the socket.
  private static let chunk = 1 << 16
  private let descriptor: Int32
  private var reader = USBIPReader()
  private var output: [UInt8] = []
  private var written = 0
  private var input = [UInt8](repeating: 0, count: chunk)
  private(set) var isClosed = false

  /// - Parameter descriptor: owned from now on.
  init(owned descriptor: Int32) {
    self.descriptor = descriptor
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
  }

  deinit { close() }

  /// Pulls the cable.
  func close() {
    guard !isClosed else { return }
    isClosed = true
    Glibc.close(descriptor)
  }

  /// Whether the host takes what is made for it.
  var hasRoom: Bool { output.count - written < Self.highWater }

  /// Whether more requests may come: one who sends without taking answers has to wait.
  private var listens: Bool { !isClosed && hasRoom && reader.waiting < Self.longestRequests }

  func send(_ bytes: [UInt8]) {
    guard !isClosed else { return }
    output += bytes
  }

  /// The next request that is there.
  /// - Throws: ``USBIPReader/Malformed``.
  func next() throws(USBIPReader.Malformed) -> USBIPRequest? { try reader.next() }

  /// Takes what the socket has and gives it what it takes.
  func exchange() {
    flush()
    while listens {
      let count = unsafe Glibc.read(descriptor, &input, input.count)
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EAGAIN { return }
      if count <= 0 { return close() }
      reader.feed(input[..<count])
      if count < input.count { return }
    }
  }

  /// Gives the socket what it takes.
  func flush() {
    while !isClosed, written < output.count {
      let count = unsafe output.withUnsafeBytes { bytes in
        unsafe Glibc.send(descriptor, bytes.baseAddress.map { unsafe $0 + written }, bytes.count - written, flags)
      }
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EAGAIN { return }
      if count <= 0 { return close() }
      written += count
    }
    output.removeAll(keepingCapacity: true)
    written = 0
  }

  private var flags: Int32 { Int32(MSG_NOSIGNAL) }

  /// Sleeps until the host says something or takes more, until `waker` is readable, or until `deadline`.
  func wait(until deadline: UInt64?, waker: Int32) {
    let events = (listens ? Int16(POLLIN) : 0) | (written < output.count ? Int16(POLLOUT) : 0)
    var entries = [
      pollfd(fd: isClosed ? -1 : descriptor, events: events, revents: 0),
      pollfd(fd: waker, events: Int16(POLLIN), revents: 0),
    ]
    unsafe Glibc.poll(&entries, 2, Self.timeout(deadline))
  }

  /// Whole milliseconds, rounded up so that nothing wakes too early and spins.
  private static func timeout(_ deadline: UInt64?) -> Int32 {
    guard let deadline else { return -1 }
    let now = Clocks.monotonic()
    guard deadline > now else { return 0 }
    return Int32(min((deadline - now + 999_999) / 1_000_000, 1000))
  }
}
