import PumpkiiCapture
import PumpkiiV4L2
import Synchronization
import Testing

/// A directory of what a scripted kernel has: every node that is plugged in.
final class ScriptedDirectory: DeviceDirectory, @unchecked Sendable {
  let kernel: ScriptedKernel
  var usb: USBAddress?
  var capabilities: String?
  var holders: [String] = []
  var kind = V4L2Device.Kind.capture

  init(_ kernel: ScriptedKernel) { self.kernel = kernel }

  static let usb = USBAddress(
    bus: 1, device: 4, speed: 480, vendor: 0x046d, product: 0x082d, portPath: "1-1", sysfsPath: "/sys/devices/usb1/1-1",
    nodePath: "/dev/bus/usb/001/004")

  func list() -> [V4L2Device] {
    kernel.nodes.filter(\.value.isPresent).sorted { $0.key < $1.key }.map { path, node in
      V4L2Device(
        identity: SensorIdentity(
          kind: .camera, id: "usb-046d-082d-none-\(node.bus)", name: node.card, capabilities: capabilities),
        path: path, driver: node.driver, card: node.card, bus: node.bus, usb: usb, kind: kind)
    }
  }
  func find(_ id: String) -> V4L2Device? { list().first { $0.identity.id == id } }
  func holders(of path: String) -> [String] { holders }
}

/// Resets scripted nodes, as a USB reset does: descriptors die, the node is made anew.
final class ScriptedResetter: DeviceResetter, @unchecked Sendable {
  let kernel: ScriptedKernel
  private(set) var calls: [String] = []
  /// What the next calls answer.
  var refusal: CaptureError?
  /// ns until the node is there again.
  var reappearsAfter: UInt64 = 450_000_000

  init(_ kernel: ScriptedKernel) { self.kernel = kernel }

  func reset(_ usb: USBAddress) throws(CaptureError) { try make("reset", .reset) }
  func reauthorize(_ usb: USBAddress) throws(CaptureError) { try make("reauthorize", .reauthorize) }

  private func make(_ name: String, _ rung: ScriptedRung) throws(CaptureError) {
    calls.append(name)
    if let refusal { throw refusal }
    for node in kernel.nodes.values {
      node.unplug()
      node.thaw(rung)
      kernel.schedule.append((kernel.time + reappearsAfter, { node.isPresent = true }))
    }
  }
}

/// One scripted camera with everything a session needs, and what the session said.
final class ScriptedBench {
  let kernel: ScriptedKernel
  let node: ScriptedNode
  let directory: ScriptedDirectory
  let resetter: ScriptedResetter
  private let heard = Said()
  private final class Said: Sendable {
    let events = Mutex<[SensorEvent]>([])
  }

  init(_ node: ScriptedNode = ScriptedNode(), isUSB: Bool = true) {
    self.node = node
    kernel = ScriptedKernel(["/dev/video0": node])
    directory = ScriptedDirectory(kernel)
    directory.usb = isUSB ? ScriptedDirectory.usb : nil
    resetter = ScriptedResetter(kernel)
  }

  var events: [SensorEvent] { heard.events.withLock { $0 } }

  /// Names of the rungs that were announced.
  var rungs: [String] {
    events.compactMap { if case .recovering(let rung, _) = $0 { rung } else { nil } }
  }

  var notes: [String] { events.compactMap { if case .note(let text) = $0 { text } else { nil } } }

  func camera(_ wish: CameraWish = CameraWish()) throws -> V4L2Camera {
    let device = try #require(directory.list().first)
    return V4L2Camera(device, wish: wish, kernel: kernel, directory: directory, resetter: resetter)
  }

  func open(_ wish: CameraWish = CameraWish()) throws -> any CameraSession {
    let heard = heard
    return try camera(wish).open { event in heard.events.withLock { $0.append(event) } }
  }

  /// Opens a camera that was made before.
  func open(_ camera: V4L2Camera) throws -> any CameraSession {
    let heard = heard
    return try camera.open { event in heard.events.withLock { $0.append(event) } }
  }

  /// Frames until `count` or nothing comes in `timeout`.
  func frames(_ session: any CameraSession, _ count: Int, timeout: Duration = .seconds(30)) throws -> [CapturedFrame] {
    var frames: [CapturedFrame] = []
    while frames.count < count, let frame = try session.next(timeout: timeout) { frames.append(frame) }
    return frames
  }

  /// Closes, and checks what must hold of every session: the books are right, and everything was given back.
  func finish(_ session: any CameraSession, sourceLocation: SourceLocation = #_sourceLocation) {
    let made = session.close()
    let counters = session.counters
    #expect(counters.delivered + counters.totalLost == made, "\(counters)", sourceLocation: sourceLocation)
    #expect(session.close() == made, sourceLocation: sourceLocation)
    kernel.expectBalance(sourceLocation: sourceLocation)
  }
}
