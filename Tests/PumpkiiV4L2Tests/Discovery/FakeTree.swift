import CPumpkiiV4L2
import Foundation
import PumpkiiV4L2

/// A `/sys`, `/dev` and `/proc` in a folder of its own, with a scripted driver behind each node.
final class FakeTree {
  let root: String
  let kernel = ScriptedKernel()

  init() throws {
    var template = Array((NSTemporaryDirectory() + "/pumpkii-tree-XXXXXX").utf8CString)
    guard let made = unsafe mkdtemp(&template), let real = unsafe realpath(made, nil) else { throw POSIXError(.EIO) }
    root = unsafe String(cString: real)
    unsafe free(real)
    try folder("/sys/class/video4linux")
    try folder("/dev")
    try folder("/proc")
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  var directory: V4L2Directory { V4L2Directory(root: root, kernel: kernel) }

  func folder(_ path: String) throws {
    try FileManager.default.createDirectory(atPath: root + path, withIntermediateDirectories: true)
  }

  func write(_ path: String, _ text: String) throws {
    try folder(String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]))
    try Data(text.utf8).write(to: URL(fileURLWithPath: root + path))
  }

  func link(_ path: String, to target: String) throws {
    try? FileManager.default.removeItem(atPath: root + path)
    try FileManager.default.createSymbolicLink(atPath: root + path, withDestinationPath: target)
  }

  func remove(_ path: String) throws { try FileManager.default.removeItem(atPath: root + path) }

  /// A device's folder below `/sys/devices`.
  func device(_ path: String, subsystem: String, driver: String? = nil) throws {
    try folder("/sys/devices/" + path)
    try link("/sys/devices/\(path)/subsystem", to: "/sys/bus/\(subsystem)")
    if let driver { try link("/sys/devices/\(path)/driver", to: "/sys/bus/\(subsystem)/drivers/\(driver)") }
  }

  /// A USB device with one interface.
  /// - Returns: the interface's folder.
  func usb(
    host: String, port: String, vendor: String, product: String, serial: String? = nil, bus: Int = 1,
    device number: Int = 4, interface: Int = 0, driver: String = "uvcvideo"
  ) throws -> String {
    // `1-1.2` hangs below `1-1`.
    let parts = port.split(separator: ".")
    let hubs = (1..<max(parts.count, 1)).map { "\(bus)-" + parts.prefix($0).joined(separator: ".") }
    var folder = "\(host)/usb\(bus)"
    try device(folder, subsystem: "usb")
    for name in hubs + ["\(bus)-\(port)"] {
      folder += "/" + name
      try device(folder, subsystem: "usb")
    }
    let attributes = [
      "busnum": "\(bus)", "devnum": "\(number)", "idVendor": vendor, "idProduct": product, "speed": "480",
      "authorized": "1",
    ]
    for (name, value) in attributes { try write("/sys/devices/\(folder)/\(name)", value + "\n") }
    if let serial { try write("/sys/devices/\(folder)/serial", serial + "\n") }
    let child = "\(folder)/\(bus)-\(port):1.\(interface)"
    try device(child, subsystem: "usb", driver: driver)
    try write("/sys/devices/\(child)/bInterfaceNumber", (interface < 10 ? "0" : "") + "\(interface)\n")
    return child
  }

  /// A video node below a device's folder, or a virtual one, with a scripted driver behind it.
  @discardableResult
  func node(_ number: Int, on parent: String?, name: String, index: Int = 0, _ script: ScriptedNode? = nil) throws
    -> ScriptedNode
  {
    let folder = "\(parent ?? "virtual")/video4linux/video\(number)"
    try write("/sys/devices/\(folder)/name", name + "\n")
    try write("/sys/devices/\(folder)/index", "\(index)\n")
    try write("/sys/devices/\(folder)/uevent", "MAJOR=81\nMINOR=\(number)\nDEVNAME=video\(number)\n")
    if let parent { try link("/sys/devices/\(folder)/device", to: "\(root)/sys/devices/\(parent)") }
    try link("/sys/class/video4linux/video\(number)", to: "../../devices/\(folder)")
    try write("/dev/video\(number)", "")
    let node = script ?? ScriptedNode()
    node.card = name
    kernel.nodes["\(root)/dev/video\(number)"] = node
    return node
  }

  static func node(
    driver: String, caps: Int32..., formats: [ScriptedFormat] = [.mjpeg()], of device: UInt32? = nil
  ) -> ScriptedNode {
    let node = ScriptedNode(formats)
    node.driver = driver
    node.deviceCaps = caps.reduce(UInt32(V4L2_CAP_STREAMING)) { $0 | UInt32(bitPattern: $1) }
    node.capabilities = device ?? node.deviceCaps
    return node
  }
}
