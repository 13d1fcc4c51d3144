internal import Glibc

/// An open descriptor that one thread reads and waits on, and another may wake. Closed when it goes.
package final class DescriptorWait: Sendable {
  /// Closed with this object and by nobody else.
  package let descriptor: Int32
  private let wakeReader: Int32
  private let wakeWriter: Int32
  private let subject: String

  /// Takes over `descriptor`.
  /// - Throws: ``SystemError`` when the process has no descriptors left; `descriptor` is closed then.
  package init(_ descriptor: Int32, _ subject: String) throws(SystemError) {
    var ends: [Int32] = [-1, -1]
    guard unsafe pipe(&ends) == 0 else {
      let reason = errno
      close(descriptor)
      throw SystemError("pipe", errno: reason, subject)
    }
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    self.descriptor = descriptor
    self.subject = subject
    (wakeReader, wakeWriter) = (ends[0], ends[1])
  }

  /// Opens `path`.
  /// - Throws: ``SystemError``.
  package convenience init(opening path: String, writing: Bool = false) throws(SystemError) {
    let mode = writing ? O_RDWR : O_RDONLY
    try self.init(try DurableFile.open(path, mode | O_CLOEXEC | O_NONBLOCK, 0), path)
  }

  deinit {
    close(descriptor)
    close(wakeReader)
    close(wakeWriter)
  }

  /// How a wait ended.
  package enum Outcome: Sendable {
    case readable
    /// For good.
    case woken
    /// Nothing came.
    case late
  }

  /// Waits until there is something to read.
  /// - Returns: false when it was woken, for good.
  /// - Throws: ``SystemError``, ENODEV when the other side is gone.
  package func wait() throws(SystemError) -> Bool { try wait(milliseconds: -1) == .readable }

  /// As ``wait()``, so long at most; −1 is for ever.
  /// - Throws: ``SystemError``, ENODEV when the other side is gone and the kernel says so.
  package func wait(milliseconds: Int32) throws(SystemError) -> Outcome {
    var entries = [
      pollfd(fd: wakeReader, events: Int16(POLLIN), revents: 0),
      pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
    ]
    var ready = unsafe poll(&entries, 2, milliseconds)
    while ready < 0 {
      if errno != EINTR { throw SystemError("poll", errno: errno, subject) }
      ready = unsafe poll(&entries, 2, milliseconds)
    }
    if ready == 0 { return .late }
    if entries[0].revents != 0 { return .woken }
    if Int32(entries[1].revents) & POLLIN != 0 { return .readable }
    throw SystemError("poll", errno: ENODEV, subject)
  }

  /// What there is to read, at most `count` bytes; empty when there is nothing.
  /// - Throws: ``SystemError``, ENODEV at the end of a stream.
  package func read(_ count: Int) throws(SystemError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    while true {
      let got = unsafe Glibc.read(descriptor, &bytes, count)
      if got > 0 { return Array(bytes.prefix(got)) }
      if got == 0 { throw SystemError("read", errno: ENODEV, subject) }
      if errno == EAGAIN { return [] }
      if errno != EINTR { throw SystemError("read", errno: errno, subject) }
    }
  }

  /// Ends every wait, from any thread.
  package func wake() {
    var byte: UInt8 = 1
    unsafe _ = write(wakeWriter, &byte, 1)
  }
}
