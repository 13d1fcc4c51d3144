internal import Glibc

/// What drivers made of a USB device, by sysfs.
enum DeviceNodes {
  /// - Parameter device: its name on the bus, `3-1`.
  static func of(_ device: String, root: String = "/sys/bus/usb/devices") -> [String] {
    let folder = "\(root)/\(device)"
    var videos: [String] = []
    var cards: [String] = []
    for interface in names(folder) where interface.hasPrefix("\(device):") {
      videos += names("\(folder)/\(interface)/video4linux").filter { $0.hasPrefix("video") }
      cards += names("\(folder)/\(interface)/sound").filter { $0.hasPrefix("card") }
    }
    return videos.sorted { $0.count == $1.count ? $0 < $1 : $0.count < $1.count }.map { "/dev/\($0)" }
      + cards.sorted().map { "hw:\($0.dropFirst(4))" }
  }

  private static func names(_ folder: String) -> [String] {
    guard let opened = unsafe opendir(folder) else { return [] }
    defer { unsafe _ = closedir(opened) }
    var names: [String] = []
    while let entry = unsafe readdir(opened) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { raw in
        unsafe String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names
  }
}
