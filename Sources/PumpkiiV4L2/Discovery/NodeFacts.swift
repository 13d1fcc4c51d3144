internal import PumpkiiCapture
internal import PumpkiiSystem

/// What sysfs alone says of one video node.
struct NodeFacts: Sendable {
  /// `video0`, in `/dev`.
  let node: String
  /// Its place among the nodes of one device.
  let index: Int
  /// What the driver calls the node.
  let name: String
  /// Of the parent device, empty for a virtual one.
  let driver: String
  /// bInterfaceNumber, 0 for what is not USB.
  let interface: Int
  let usb: USBAddress?
  /// The id without what tells nodes of one device apart.
  let baseID: String

  /// - Parameter entry: a folder of `/sys/class/video4linux`.
  init(entry: String, in tree: SysfsTree) {
    let device = tree.real(entry + "/device")
    node = tree.variable("DEVNAME", in: entry) ?? SysfsTree.lastPart(entry)
    index = tree.number(entry + "/index") ?? 0
    name = tree.text(entry + "/name") ?? SysfsTree.lastPart(entry)
    driver = device.flatMap { tree.link($0 + "/driver") }.map(SysfsTree.lastPart) ?? ""
    interface = device.flatMap { tree.number($0 + "/bInterfaceNumber", radix: 16) } ?? 0
    let place = device.map { DevicePath.text(of: $0, in: tree) } ?? "virtual"
    let folder = device.flatMap { tree.usbDevice(above: $0) }
    usb = folder.flatMap { tree.usbAddress($0) }
    if let usb, let folder {
      let serial = tree.text(folder + "/serial").map(DevicePath.fit) ?? ""
      baseID = [
        "usb", usb.vendorText, usb.productText, serial.isEmpty ? "none" : serial, place,
      ].joined(separator: "-")
    } else {
      baseID = "\(place)-\(DevicePath.fit(name))"
    }
  }
}

extension SysfsTree {
  /// nil where an attribute is missing that every USB device has.
  func usbAddress(_ folder: String) -> USBAddress? {
    guard let bus = number(folder + "/busnum"), let device = number(folder + "/devnum"),
      let vendor = number(folder + "/idVendor", radix: 16).flatMap(UInt16.init(exactly:)),
      let product = number(folder + "/idProduct", radix: 16).flatMap(UInt16.init(exactly:))
    else { return nil }
    return USBAddress(
      bus: bus, device: device, speed: text(folder + "/speed").flatMap(Double.init) ?? 0, vendor: vendor,
      product: product, portPath: Self.lastPart(folder), sysfsPath: folder,
      nodePath: path("/dev/bus/usb/\(Self.threeDigits(bus))/\(Self.threeDigits(device))"))
  }

  private static func threeDigits(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(3 - digits.utf8.count, 0)) + digits
  }
}
