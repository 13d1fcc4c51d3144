internal import PumpkiiCapture

/// Which real cameras a profile speaks of.
public struct DeviceMatch: Sendable, Hashable {
  /// USB vendor.
  public var vendor: UInt16
  /// USB product; nil for all of the vendor's.
  public var product: UInt16?
  /// Text that the camera's name contains; nil for any.
  public var name: String?

  /// A match.
  public init(vendor: UInt16, product: UInt16? = nil, name: String? = nil) {
    self.vendor = vendor
    self.product = product
    self.name = name
  }

  /// How narrowly it speaks of this camera; nil when it does not.
  func weight(for identity: SensorIdentity) -> Int? {
    let parts = identity.id.split(separator: "-", maxSplits: 3, omittingEmptySubsequences: false)
    guard identity.kind == .camera, parts.count >= 3, parts[0] == "usb", UInt16(parts[1], radix: 16) == vendor else {
      return nil
    }
    if let product, UInt16(parts[2], radix: 16) != product { return nil }
    if let name, !identity.name.contains(name) { return nil }
    return (product == nil ? 0 : 2) + (name == nil ? 0 : 1)
  }
}
