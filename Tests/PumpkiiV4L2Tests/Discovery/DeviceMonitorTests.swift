import Foundation
import PumpkiiSystem
import PumpkiiV4L2
import Synchronization
import Testing

/// Runs a monitor on a thread of its own and counts what it tells.
private final class Watched: Sendable {
  let monitor: DeviceMonitor
  private let count = Mutex(0)
  private let told = DispatchSemaphore(value: 0)
  private let ended = DispatchSemaphore(value: 0)

  init(_ tree: FakeTree, pause: Int32 = 600_000) {
    monitor = DeviceMonitor(root: tree.root, kernel: LinuxKernel(), pause: pause, hearsUevents: false)
    Thread { [self] in
      monitor.run { [self] in
        count.withLock { $0 += 1 }
        told.signal()
      }
      ended.signal()
    }.start()
  }

  var calls: Int { count.withLock { $0 } }
  func waits() -> Bool { told.wait(timeout: .now() + 120) == .success }
  func end() -> Bool {
    monitor.stop()
    return ended.wait(timeout: .now() + 120) == .success
  }
}

@Suite struct DeviceMonitorTests {
  /// Makes nodes until one is noticed: the watch may begin after the first.
  private func make(_ path: String, in tree: FakeTree, until told: () -> Bool) throws {
    for attempt in 0..<24_000 {
      try tree.write("/dev/\(path)\(attempt)", "")
      if told() { return }
      usleep(10_000)
    }
  }

  @Test("checklist 8: a node that is made in /dev is told of at once")
  func inotify() throws {
    let tree = try FakeTree()
    let watched = Watched(tree)
    try make("video", in: tree) { watched.calls > 0 }
    #expect(watched.waits())
    #expect(watched.end())
  }

  @Test("checklist 8: a node that goes, and one whose mode is set, are told of")
  func changes() throws {
    let tree = try FakeTree()
    let watched = Watched(tree)
    try make("video", in: tree) { watched.calls > 0 }
    try #require(watched.waits())
    var before = watched.calls
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: tree.root + "/dev/video0")
    try #require(wait { watched.calls > before })
    before = watched.calls
    try tree.remove("/dev/video0")
    #expect(wait { watched.calls > before })
    #expect(watched.end())
  }

  @Test("checklist 8: sound cards are heard of, also the first one, with which their folder comes")
  func sound() throws {
    let tree = try FakeTree()
    let watched = Watched(tree)
    try make("video", in: tree) { watched.calls > 0 }
    try #require(watched.waits())
    var before = watched.calls
    try tree.folder("/dev/snd")
    try #require(wait { watched.calls > before })
    before = watched.calls
    try tree.write("/dev/snd/pcmC1D0c", "")
    #expect(wait { watched.calls > before })
    #expect(watched.end())
  }

  @Test("checklist 8: where nobody tells, looking again finds it")
  func slowRescan() throws {
    let tree = try FakeTree()
    // A link that leads elsewhere: inotify watches where it led at first.
    try tree.remove("/dev")
    try tree.folder("/a")
    try tree.folder("/b")
    try tree.write("/b/video0", "")
    try tree.link("/dev", to: "a")
    let watched = Watched(tree, pause: 5)
    try FileManager.default.removeItem(atPath: tree.root + "/dev")
    try tree.link("/dev", to: "b")
    try make("video", in: tree) { watched.calls > 0 }
    #expect(watched.waits())
    #expect(watched.end())
  }

  @Test("checklist 7: as long as nothing changes, nothing is told, however often it looks")
  func quiet() throws {
    let tree = try FakeTree()
    try tree.write("/dev/video0", "")
    let kernel = CountingKernel()
    let monitor = DeviceMonitor(root: tree.root, kernel: kernel, pause: 1, hearsUevents: false)
    let told = Mutex(0)
    kernel.stop.withLock { $0 = (50, { monitor.stop() }) }
    monitor.run { told.withLock { $0 += 1 } }
    #expect(told.withLock { $0 } == 0)
    #expect(kernel.polls.withLock { $0 } >= 50)
  }

  @Test func stoppingBeforeRunningEndsItAtOnce() throws {
    let monitor = DeviceMonitor()
    monitor.stop()
    monitor.run { Issue.record("nothing came") }
  }

  @Test func itsDescriptorsAreGivenBack() throws {
    let tree = try FakeTree()
    let kernel = CountingKernel()
    do {
      let monitor = DeviceMonitor(root: tree.root, kernel: kernel, pause: 1, hearsUevents: false)
      kernel.stop.withLock { $0 = (3, { monitor.stop() }) }
      monitor.run {}
      kernel.stop.withLock { $0 = (0, {}) }
    }
    #expect(kernel.wakers.withLock { $0 } == 0)
  }

  private func wait(until condition: () -> Bool) -> Bool {
    for _ in 0..<24_000 where !condition() { usleep(5000) }
    return condition()
  }
}

/// The kernel, which calls back after so many polls.
private final class CountingKernel: DeviceKernel {
  let polls = Mutex(0)
  let wakers = Mutex(0)
  let stop = Mutex<(after: Int, action: @Sendable () -> Void)>((0, {}))
  private let kernel = LinuxKernel()

  func open(_ path: String, flags: Int32) -> Int32 { kernel.open(path, flags: flags) }
  func close(_ descriptor: Int32) {
    wakers.withLock { $0 -= 1 }
    kernel.close(descriptor)
  }
  func ioctl(_ descriptor: Int32, _ request: UInt, _ argument: UnsafeMutableRawPointer?) -> Int32 { -1 }
  func map(_ descriptor: Int32, length: Int, offset: Int64, writable: Bool) -> UnsafeMutableRawPointer? { nil }
  func unmap(_ address: UnsafeMutableRawPointer, length: Int) {}
  func poll(_ entries: inout [PollEntry], timeout: Int32) -> Int32 {
    let count = polls.withLock { polls in
      polls += 1
      return polls
    }
    let (after, action) = stop.withLock { $0 }
    if count >= after { action() }
    return kernel.poll(&entries, timeout: timeout)
  }
  func now() -> UInt64 { kernel.now() }
  func makeWaker() -> Int32 {
    wakers.withLock { $0 += 1 }
    return kernel.makeWaker()
  }
  func wake(_ waker: Int32) { kernel.wake(waker) }
  func rest(_ waker: Int32) { kernel.rest(waker) }
}
