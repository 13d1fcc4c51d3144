internal import Glibc
internal import PumpkiiSystem
internal import Synchronization

/// What a ``PollThread`` does between the jobs of its actor.
protocol PollWork: AnyObject, Sendable {
  /// A piece of work that may wait for a device, but not for longer than a fraction of a second.
  /// - Returns: false when there is nothing to do until the thread is woken.
  func step() -> Bool

  /// Makes a waiting ``step()`` return at once. From any thread.
  func interrupt()
}

/// The executor of an actor that talks to a device: a thread of its own, on which a call may block for seconds without
/// holding up anybody else's task. Between the actor's jobs it waits for the device.
///
/// It ends when ``end()`` was called and no job is left: a job that stayed in the queue would hang its task for ever.
final class PollThread: SerialExecutor {
  private struct State {
    var jobs: [UnownedJob] = []
    var work: (any PollWork)?
    var isEnding = false
  }

  private let state = Mutex(State())
  private let kernel = LinuxKernel()
  private let waker: Int32
  private let thread = Atomic<UInt>(0)
  private let name: String

  /// Starts the thread; `name` is cut to 15 bytes.
  init(name: String) {
    self.name = name
    waker = kernel.makeWaker()
    unsafe Self.start(Unmanaged.passRetained(self).toOpaque())
  }

  deinit { if waker >= 0 { kernel.close(waker) } }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let work = state.withLock { state in
      state.jobs.append(job)
      return state.work
    }
    wake(work)
  }

  func asUnownedSerialExecutor() -> UnownedSerialExecutor { unsafe UnownedSerialExecutor(ordinary: self) }

  /// For `assumeIsolated`: true on this thread alone.
  func checkIsolated() {
    precondition(thread.load(ordering: .relaxed) == UInt(pthread_self()), "not on the thread \(name)")
  }

  /// What the thread does from now on when no job waits.
  func attach(_ work: any PollWork) {
    state.withLock { $0.work = work }
    wake(work)
  }

  /// Makes the thread look at its work again.
  func wake() { wake(state.withLock { $0.work }) }

  /// Lets the thread end, after the jobs that wait. The work goes first, so that it can close what it holds: its
  /// ``PollWork/step()`` is called until it says that there is nothing to do.
  func end() {
    let work = state.withLock { state in
      state.isEnding = true
      return state.work
    }
    wake(work)
  }

  private func wake(_ work: (any PollWork)?) {
    kernel.wake(waker)
    work?.interrupt()
  }

  private func run() {
    thread.store(UInt(pthread_self()), ordering: .relaxed)
    try? DurableFile.append(Array(name.utf8.prefix(15)), to: "/proc/thread-self/comm", sync: false)
    while true {
      runJobs()
      let work = state.withLock { $0.work }
      if work?.step() == true { continue }
      if state.withLock({ $0.isEnding && $0.jobs.isEmpty }) { break }
      sleep()
    }
    state.withLock { $0.work = nil }
  }

  private func runJobs() {
    kernel.rest(waker)
    let jobs = state.withLock { state in
      defer { state.jobs.removeAll() }
      return state.jobs
    }
    for job in jobs { unsafe job.runSynchronously(on: asUnownedSerialExecutor()) }
  }

  private func sleep() {
    var entries = [PollEntry(waker, Int16(POLLIN))]
    // Where the kernel gave no eventfd, jobs are found by looking.
    _ = kernel.poll(&entries, timeout: waker >= 0 ? -1 : 20)
  }

  /// A function of its own, as in DeviceThread: the region analysis stops at a box made beside the call.
  private static func start(_ box: UnsafeMutableRawPointer) {
    var thread = pthread_t()
    let result = unsafe pthread_create(&thread, nil, unsafe Self.enter, box)
    precondition(result == 0, "the kernel gives no thread")
    pthread_detach(thread)
  }

  private static let enter: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { raw in
    guard let raw = unsafe raw else { return nil }
    // Held to the last: the executor outlives every job of its actor.
    let thread = unsafe Unmanaged<PollThread>.fromOpaque(raw).takeRetainedValue()
    thread.run()
    return nil
  }
}
