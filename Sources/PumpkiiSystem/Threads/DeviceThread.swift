internal import Glibc
internal import Synchronization

/// A thread of our own for calls that block, so that none of them stands on the cooperative pool.
package enum DeviceThread {
  /// Runs `body` on a new thread named `name` (15 characters at most) and returns its result when it ends.
  package static func run<Result: Sendable>(
    named name: String, _ body: @escaping @Sendable () -> Result
  ) async -> Result {
    await withCheckedContinuation { continuation in
      start(named: name) { continuation.resume(returning: body()) }
    }
  }

  private static func start(named name: String, _ body: @escaping @Sendable () -> Void) {
    unsafe create(Unmanaged.passRetained(Body(name: name, run: body)).toOpaque())
  }

  /// A function of its own: with the box made beside the call, Swift 6.3's region analysis stops the compiler.
  private static func create(_ box: UnsafeMutableRawPointer) {
    var thread = pthread_t()
    let result = unsafe pthread_create(&thread, nil, unsafe Self.enter, box)
    precondition(result == 0, "the kernel gives no thread")
    pthread_detach(thread)
  }

  private static let enter: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { raw in
    guard let raw = unsafe raw else { return nil }
    let body = unsafe Unmanaged<Body>.fromOpaque(raw).takeRetainedValue()
    nameThisThread(body.name)
    body.run()
    return nil
  }

  /// What `top -H` shows; glibc's call needs _GNU_SOURCE, the file does the same. A thread without a name works as
  /// well.
  private static func nameThisThread(_ name: String) {
    try? DurableFile.append(Array(name.utf8.prefix(15)), to: "/proc/thread-self/comm", sync: false)
  }

  private final class Body: Sendable {
    let name: String
    let run: @Sendable () -> Void
    init(name: String, run: @escaping @Sendable () -> Void) {
      self.name = name
      self.run = run
    }
  }
}
