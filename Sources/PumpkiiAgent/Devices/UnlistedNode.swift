internal import PumpkiiCapture
package import PumpkiiV4L2

/// A node that was named by hand and that sysfs does not know: the path is all there is, and whatever is there is it.
package struct UnlistedNode: DeviceDirectory {
  /// The node, as far as its path says.
  package let device: V4L2Device

  package init(path: String) {
    device = V4L2Device(
      identity: SensorIdentity(kind: .camera, id: "path-\(path)", name: path), path: path, driver: "", card: path,
      bus: "", usb: nil, kind: .capture)
  }

  package func list() -> [V4L2Device] { [device] }

  package func find(_ id: String) -> V4L2Device? { id == device.identity.id ? device : nil }

  package func holders(of path: String) -> [String] { V4L2Directory().holders(of: path) }
}
