internal import Glibc
internal import PumpkiiCapture
internal import PumpkiiSystem
internal import Synchronization

/// A webcam of a profile that the machine's own drivers take for a real one: USB video and sound over USB/IP, plugged
/// into the kernel's virtual host controller.
public final class EmulatedWebcam: Sendable {
  /// What it is made of.
  public let profile: DeviceProfile
  /// The controller's port it is plugged into.
  public let port: Int
  /// What happened to it so far.
  public let log = WebcamLog()
  let model: WebcamModel
  private let plan: CameraPlan?
  let inbox: WebcamInbox
  /// Our end of the socket, between ``attach()`` and ``run()``.
  private let attached = Mutex<Int32?>(nil)

  /// Makes the device, not plugged in.
  /// - Throws: ``SimulationError`` for files that cannot be played and for what USB cannot carry.
  public init(_ profile: DeviceProfile, port: Int = 0) throws(SimulationError) {
    self.profile = profile
    self.port = port
    var plan: CameraPlan?
    if let camera = profile.camera { plan = try CameraPlan(camera, of: profile) }
    var sound: SoundPlan?
    if let microphone = profile.microphone { sound = try SoundPlan(microphone, of: profile) }
    self.plan = plan
    model = try WebcamModel(profile, plan: plan, sound: sound)
    inbox = try WebcamInbox()
  }

  deinit { if let descriptor = attached.withLock({ $0 }) { close(descriptor) } }

  /// Plugs it in. The machine finds it as soon as ``run()`` serves it.
  /// - Throws: ``SimulationError`` when the kernel has no virtual host controller, when we may not use it, or when the
  ///   port is taken.
  public func attach() throws(SimulationError) {
    let (ours, theirs) = try Self.sockets()
    do throws(SimulationError) { try VirtualHostController.attach(port: port, socket: theirs) } catch {
      close(theirs)
      close(ours)
      throw error
    }
    // The kernel holds the file now.
    close(theirs)
    hold(ours)
    log.add(.attached(port: port))
  }

  /// Serves the machine until the device is unplugged for good, or until ``detach()``. Blocks; give it a thread of its
  /// own, or call ``serve()``.
  public func run() {
    let sensors = makeSensors()
    while let descriptor = attached.withLock({ $0.take() }) {
      switch WebcamSession(sensors, WebcamConnection(owned: descriptor), inbox: inbox).run() {
      case .asked, .hostLeft: log.add(.detached)
      case .unplugged(let back):
        log.add(.unplugged)
        guard let back, pause(back) else { return }
        replug()
      }
    }
  }

  /// As ``run()``, on a thread of its own; a cancelled task unplugs it.
  public func serve() async {
    await withTaskCancellationHandler {
      await DeviceThread.run(named: "usb-\(port)") { self.run() }
    } onCancel: {
      detach()
    }
  }

  /// Unplugs it and ends ``run()``.
  public func detach() { inbox.put(.detach) }

  /// Lets a fault happen now, whatever its trigger says; it lasts as the fault says.
  public func perform(_ fault: Fault) { inbox.put(.perform(fault)) }

  /// Moves the privacy shutter, where the camera has one; it stays so.
  public func setShutter(closed: Bool) { inbox.put(.shutter(isClosed: closed)) }

  /// Serves a socket on whose other end a host is already; for tests and for hosts on the network.
  package func hold(_ descriptor: Int32) {
    if let old = attached.withLock({ old in
      defer { old = descriptor }
      return old
    }) {
      close(old)
    }
  }

  func makeSensors() -> WebcamSensors { WebcamSensors(profile, model: model, plan: plan, log: log) }

  /// - Returns: false when the device was detached meanwhile.
  private func pause(_ length: UInt64) -> Bool {
    let end = Clocks.monotonic() + min(length, 1 << 50)
    while Clocks.monotonic() < end {
      var entry = pollfd(fd: inbox.waker.descriptor, events: Int16(POLLIN), revents: 0)
      let left = end - min(end, Clocks.monotonic())
      unsafe _ = poll(&entry, 1, Int32(min(left / 1_000_000 + 1, 1000)))
      for order in inbox.take() { if case .detach = order { return false } }
    }
    return true
  }

  /// The port is free a moment after the cable was pulled, when the drivers have let go.
  private func replug() {
    for _ in 0..<Self.attempts {
      do throws(SimulationError) {
        try attach()
        return
      } catch {
        guard pause(Self.attemptPause) else { return }
        if error.code != .hostControllerRefused { break }
      }
    }
    log.add(.failed("it could not be plugged in again"))
  }

  private static let attempts = 600
  private static let attemptPause: UInt64 = 50_000_000

  private static func sockets() throws(SimulationError) -> (ours: Int32, theirs: Int32) {
    var ends: [Int32] = [-1, -1]
    guard unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0 else {
      throw SimulationError(
        .hostControllerRefused, SystemError("socketpair", errno: errno).description,
        advice: "Raise the limit of descriptors: ulimit -n 4096.")
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    // Room for a raw frame, so that sending one seldom has to wait for the host.
    var size: Int32 = 1 << 20
    unsafe _ = setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &size, 4)
    return (ends[0], ends[1])
  }
}
