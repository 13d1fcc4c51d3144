internal import Glibc
internal import PumpkiiSystem

/// The kernel's virtual USB host controller (`vhci-hcd`): a bus without wires, whose devices are programs.
public enum VirtualHostController {
  static let folder = "/sys/devices/platform/vhci_hcd.0"
  /// Of `enum usb_device_speed`: 480 Mbit/s.
  private static let highSpeed = 3

  /// One port of the controller's high-speed bus.
  public struct Port: Sendable, Equatable {
    /// As attaching and detaching want it.
    public let number: Int
    /// Whether nothing is plugged in.
    public let isFree: Bool
    /// The device's name on the bus (`3-1`); nil while nothing is there.
    public let device: String?
  }

  /// Whether the kernel has one.
  public static var isThere: Bool { unsafe access("\(folder)/status", F_OK) == 0 }

  /// The ports for devices of high speed.
  /// - Throws: ``SimulationError`` when the kernel has no such controller.
  public static func ports() throws(SimulationError) -> [Port] { try ports(folder: folder) }

  /// The first port with nothing in it.
  /// - Throws: ``SimulationError`` when there is none.
  public static func freePort() throws(SimulationError) -> Int {
    if let port = try ports().first(where: \.isFree) { return port.number }
    throw SimulationError(
      .hostControllerRefused, "every port of the virtual USB host controller is taken",
      advice: "Free one: sudo pumpkii simulate webcam --detach all.")
  }

  /// Pulls what is plugged in at a port.
  /// - Throws: ``SimulationError`` when nothing is there, or when we may not.
  public static func detach(port: Int) throws(SimulationError) {
    guard isThere else { throw missing }
    try write("\(port)", to: "\(folder)/detach", port: port)
  }

  /// Nodes and cards that the machine's drivers made of the device at a port: `/dev/video0`, `/dev/video1`, `hw:1`.
  /// - Throws: ``SimulationError`` when the kernel has no such controller.
  public static func nodes(port: Int) throws(SimulationError) -> [String] {
    guard let device = try ports().first(where: { $0.number == port })?.device else { return [] }
    return DeviceNodes.of(device)
  }

  /// Hands one end of a socket to the controller, from the process that owns it.
  static func attach(port: Int, socket: Int32) throws(SimulationError) {
    guard isThere else { throw missing }
    // The number of a device on a bus, which the controller only shows: each port has its own.
    let device = 1 << 16 | (port + 2)
    try write("\(port) \(socket) \(device) \(highSpeed)", to: "\(folder)/attach", port: port)
  }

  static func ports(folder: String) throws(SimulationError) -> [Port] {
    let bytes: [UInt8]?
    do throws(SystemError) { bytes = try DurableFile.read("\(folder)/status", limit: 1 << 16) } catch {
      throw SimulationError(
        .hostControllerRefused, error.description, advice: "Run it as root: sudo pumpkii simulate webcam …")
    }
    guard let bytes else { throw missing }
    return parse(String(decoding: bytes, as: UTF8.self))
  }

  /// Reads the kernel's table: bus, port, state, speed, device, socket, name on the bus; older kernels leave the bus
  /// out.
  package static func parse(_ status: String) -> [Port] {
    status.split(separator: "\n").compactMap { line in
      var words = line.split(separator: " ", omittingEmptySubsequences: true)
      if words.first == "hs" { words.removeFirst() } else if words.first == "ss" { return nil }
      guard words.count >= 6, let number = Int(words[0]), let state = Int(words[1]) else { return nil }
      let name = String(words[words.count - 1])
      let isFree = state == 4
      return Port(number: number, isFree: isFree, device: isFree || name == "0-0" ? nil : name)
    }
  }

  private static var missing: SimulationError {
    SimulationError(
      .hostControllerMissing, "this kernel has no virtual USB host controller",
      advice: "Load it: sudo modprobe vhci-hcd (in a container, on its host).")
  }

  private static func write(_ text: String, to path: String, port: Int) throws(SimulationError) {
    do throws(SystemError) { try DurableFile.append(Array(text.utf8), to: path, sync: false) } catch {
      throw refusal(error, port: port)
    }
  }

  /// What to do about a refusal of the kernel.
  package static func refusal(errno: Int32, port: Int) -> SimulationError {
    refusal(SystemError("write", errno: errno), port: port)
  }

  private static func refusal(_ error: SystemError, port: Int) -> SimulationError {
    switch error.errno {
    case EACCES, EPERM, EROFS:
      SimulationError(
        .hostControllerRefused, "plugging into the virtual USB host controller is not allowed",
        advice: "Run it as root: sudo pumpkii simulate webcam … (a container needs /sys writable).")
    case EBUSY:
      SimulationError(
        .hostControllerRefused, "port \(port) of the virtual USB host controller is taken",
        advice: "Free it: sudo pumpkii simulate webcam --detach \(port), or choose another with --port.")
    case EINVAL:
      SimulationError(
        .hostControllerRefused, "the virtual USB host controller has nothing to change at port \(port)",
        advice: "See which ports are in use: pumpkii simulate webcam --list.")
    default:
      SimulationError(
        .hostControllerRefused, error.description, advice: "dmesg says more: sudo dmesg | grep vhci.")
    }
  }
}
