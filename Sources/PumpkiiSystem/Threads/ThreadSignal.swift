internal import Glibc

/// Lets a thread of our own sleep until others say that there is something to do. A semaphore of the C library, so
/// that raising it neither blocks nor allocates.
///
/// `@unchecked Sendable` holds because the semaphore is made for many threads and its address does not change.
@safe package final class ThreadSignal: @unchecked Sendable {
  private let semaphore: UnsafeMutablePointer<sem_t>

  package init() {
    unsafe semaphore = .allocate(capacity: 1)
    unsafe semaphore.initialize(to: sem_t())
    unsafe sem_init(semaphore, 0, 0)
  }

  deinit {
    unsafe sem_destroy(semaphore)
    unsafe semaphore.deallocate()
  }

  /// Lets one ``wait()`` return, this one or the next.
  package func raise() { unsafe sem_post(semaphore) }

  /// Sleeps until it is raised. Blocks the thread: never in a task.
  package func wait() {
    while unsafe sem_wait(semaphore) != 0, errno == EINTR {}
  }
}
