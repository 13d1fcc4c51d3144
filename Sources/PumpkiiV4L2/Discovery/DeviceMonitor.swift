internal import CPumpkiiV4L2
internal import Glibc
internal import PumpkiiSystem
internal import Synchronization

/// Tells when a camera or a sound card may have come or gone. Three ways at once, as each is missing somewhere: inotify
/// on `/dev` (a static `/dev` has nothing to tell), the kernel's uevents (other network namespaces do not hear them),
/// and looking again every ten seconds.
public final class DeviceMonitor: Sendable {
  private let tree: SysfsTree
  private let kernel: any DeviceKernel
  /// ms between two looks of its own.
  private let pause: Int32
  private let hearsUevents: Bool
  private let waker: Int32
  private let isStopped = Atomic(false)

  /// Of this machine.
  public convenience init() { self.init(root: "/", kernel: LinuxKernel()) }

  /// - Parameters:
  ///   - root: the folder that holds the `dev` to be watched.
  ///   - pause: ms between two looks where nothing is heard.
  ///   - hearsUevents: false leaves the kernel's messages out.
  package init(root: String, kernel: any DeviceKernel, pause: Int32 = 10_000, hearsUevents: Bool = true) {
    tree = SysfsTree(root: root)
    self.kernel = kernel
    self.pause = pause
    self.hearsUevents = hearsUevents
    waker = kernel.makeWaker()
  }

  deinit { if waker >= 0 { kernel.close(waker) } }

  /// Blocks the caller's thread until ``stop()`` and calls `changed` on it whenever something may have changed. It may
  /// be nothing: whoever hears it looks for itself.
  public func run(changed: @escaping @Sendable () -> Void) {
    let folder = tree.path("/dev")
    var watch = FolderWatch(folder: folder)
    let uevents = hearsUevents ? max(pk_uevents(), -1) : -1
    defer { if uevents >= 0 { kernel.close(uevents) } }
    var known = NodeSnapshot(folder: folder, in: tree)
    // Without a waker, stop() is seen at the next look.
    let timeout = waker >= 0 ? pause : min(pause, 1000)
    while !isStopped.load(ordering: .acquiring) {
      // A negative descriptor is one that poll(2) leaves out.
      var entries = [waker, watch.descriptor, uevents].map { PollEntry($0, Int16(POLLIN)) }
      _ = kernel.poll(&entries, timeout: timeout)
      guard !isStopped.load(ordering: .acquiring) else { return }
      let isTold =
        (entries[1].happened != 0 && watch.drain())
        || (entries[2].happened != 0
          && Uevent.drain { room in unsafe pk_receive_uevent(uevents, &room, UInt(room.count)) })
      let now = NodeSnapshot(folder: folder, in: tree)
      if isTold || now != known { changed() }
      known = now
    }
  }

  /// Ends ``run(changed:)``, and any later one at once. From any thread.
  public func stop() {
    isStopped.store(true, ordering: .releasing)
    if waker >= 0 { kernel.wake(waker) }
  }
}
