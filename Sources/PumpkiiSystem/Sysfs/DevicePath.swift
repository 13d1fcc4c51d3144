/// Where a device is plugged in, in the words that udev's `ID_PATH` uses, but made by ourselves from sysfs: a container
/// or an initramfs has no udev. A webcam's camera and its microphone get the same ones, by which they are known as one.
package enum DevicePath {
  /// - Parameter folder: the device's real folder below `/sys/devices`.
  /// - Returns: `pci-0000:00:14.0-usb-0:1.2`, `platform-fe801000.csi`; `virtual` for what sits nowhere.
  package static func text(of folder: String, in tree: SysfsTree) -> String {
    var parts: [String] = []
    var previous: String?
    for ancestor in tree.ancestors(of: folder) {
      guard let subsystem = tree.subsystem(ancestor) else { continue }
      // Of a chain of hubs or bridges the nearest one says it all.
      defer { previous = subsystem }
      if subsystem != previous, let part = part(SysfsTree.lastPart(ancestor), subsystem: subsystem) {
        parts.append(part)
      }
    }
    return parts.isEmpty ? "virtual" : parts.reversed().joined(separator: "-")
  }

  private static func part(_ name: String, subsystem: String) -> String? {
    switch subsystem {
    // `1-1.2:1.0`: the bus number depends on the order of probing, the interface is not where it is plugged in.
    case "usb":
      name.split(separator: "-").dropFirst().first.map { "usb-0:\($0.prefix { $0 != ":" })" }
    case "pci", "platform": "\(subsystem)-\(name)"
    default: nil
    }
  }

  /// What a device says of itself, made fit for an id: letters, digits and `.:_-` stay.
  package static func fit(_ text: String) -> String {
    let scalars = text.unicodeScalars.prefix(64).map { scalar -> Character in
      let isKept = scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
      return isKept || ".:_-".unicodeScalars.contains(scalar) ? Character(scalar) : "_"
    }
    return String(scalars)
  }
}
