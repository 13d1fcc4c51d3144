internal import Glibc

/// Ends another thread's poll(2).
final class Waker: Sendable {
  /// To be polled.
  let descriptor: Int32
  private let writer: Int32

  /// - Throws: ``SimulationError`` when the process has no descriptors left.
  init() throws(SimulationError) {
    var ends: [Int32] = [-1, -1]
    guard unsafe pipe(&ends) == 0 else {
      throw SimulationError(
        .hostControllerRefused, "no descriptor is left", advice: "Raise the limit: ulimit -n 4096.")
    }
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    descriptor = ends[0]
    writer = ends[1]
  }

  deinit {
    close(descriptor)
    close(writer)
  }

  /// From any thread.
  func wake() {
    var byte: UInt8 = 1
    unsafe _ = write(writer, &byte, 1)
  }

  /// Takes the signal down.
  func rest() {
    var bytes = [UInt8](repeating: 0, count: 64)
    while unsafe read(descriptor, &bytes, bytes.count) > 0 {}
  }
}
