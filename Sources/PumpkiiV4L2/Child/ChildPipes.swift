internal import CPumpkiiV4L2
internal import Glibc

/// A child that could not be started.
struct SpawnError: Error {
  let call: String
  /// Positive.
  let errno: Int32
}

/// The two pipes of a child; whoever holds it closes the ends.
struct ChildPipes {
  let outputRead: Int32
  let outputWrite: Int32
  let errorsRead: Int32
  let errorsWrite: Int32

  init() throws(SpawnError) {
    (outputRead, outputWrite) = try Self.make()
    do throws(SpawnError) {
      (errorsRead, errorsWrite) = try Self.make()
    } catch {
      close(outputRead)
      close(outputWrite)
      throw error
    }
  }

  private static func make() throws(SpawnError) -> (read: Int32, write: Int32) {
    var ends: [Int32] = [-1, -1]
    let result = unsafe pk_pipe(&ends)
    if result < 0 { throw SpawnError(call: "pipe", errno: -result) }
    // Our end alone: the child's programs expect to block.
    _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
    return (ends[0], ends[1])
  }

  func closeWriteEnds() {
    close(outputWrite)
    close(errorsWrite)
  }

  func closeReadEnds() {
    close(outputRead)
    close(errorsRead)
  }
}
