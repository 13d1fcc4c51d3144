/// Where a USB device sits, in the kernel's own terms.
public struct USBAddress: Sendable, Hashable {
  /// Number of the bus.
  public var bus: Int
  /// Number of the device on it; another one after each reset and replugging.
  public var device: Int
  /// Mbit/s: 1.5, 12, 480, 5000 and more.
  public var speed: Double
  /// As `lsusb` says.
  public var vendor: UInt16
  /// As `lsusb` says.
  public var product: UInt16
  /// Bus and ports: `1-1.2`.
  public var portPath: String
  /// Its folder in sysfs.
  public var sysfsPath: String
  /// The file that takes `USBDEVFS_RESET`: `/dev/bus/usb/001/004`.
  public var nodePath: String

  /// An address.
  package init(
    bus: Int, device: Int, speed: Double, vendor: UInt16, product: UInt16, portPath: String, sysfsPath: String,
    nodePath: String
  ) {
    self.bus = bus
    self.device = device
    self.speed = speed
    self.vendor = vendor
    self.product = product
    self.portPath = portPath
    self.sysfsPath = sysfsPath
    self.nodePath = nodePath
  }

  /// The file whose 0 takes the device from its drivers and whose 1 gives it back.
  public var authorizedPath: String { sysfsPath + "/authorized" }

  /// Four hexadecimal digits, as `lsusb` writes them.
  public var vendorText: String { Self.hexadecimal(vendor) }
  /// Four hexadecimal digits.
  public var productText: String { Self.hexadecimal(product) }

  private static func hexadecimal(_ value: UInt16) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 4 - digits.utf8.count) + digits
  }
}
