internal import Glibc
internal import PumpkiiSystem

/// The sound cards of a ``SysfsTree``.
struct SoundTree: Sendable {
  private let tree: SysfsTree

  init(root: String) { tree = SysfsTree(root: root) }

  /// All capture devices, by card and device.
  func captureNodes() -> [CaptureNode] {
    let folder = tree.path("/sys/class/sound")
    let names = tree.names(in: folder)
    let cards = names.compactMap { $0.hasPrefix("card") ? Int($0.dropFirst(4)) : nil }.sorted()
    return cards.flatMap { card -> [CaptureNode] in
      let entry = "\(folder)/card\(card)"
      guard let cardID = tree.text(entry + "/id"), !cardID.isEmpty else { return [] }
      let base = identity(entry, cardID: cardID)
      let devices = names.compactMap { Self.device($0, of: card) }.sorted()
      return devices.map { device in
        CaptureNode(
          card: card, device: device, cardID: cardID, id: device == devices[0] ? base : "\(base)#\(device)",
          path: "/dev/snd/pcmC\(card)D\(device)c")
      }
    }
  }

  /// False only where the node is there and closed to us; both ways, as alsa-lib opens it.
  func mayOpen(_ path: String) -> Bool {
    guard unsafe access(tree.path(path), R_OK | W_OK) != 0 else { return true }
    return errno != EACCES
  }

  /// `pcmC1D0c` is capture device 0 of card 1.
  private static func device(_ name: String, of card: Int) -> Int? {
    let head = "pcmC\(card)D"
    guard name.hasPrefix(head), name.hasSuffix("c") else { return nil }
    return Int(name.dropFirst(head.utf8.count).dropLast())
  }

  /// Written as for cameras, so that a webcam's microphone has its camera's name.
  private func identity(_ entry: String, cardID: String) -> String {
    guard let folder = tree.real(entry + "/device"), let usb = tree.usbDevice(above: folder),
      let vendor = tree.text(usb + "/idVendor"), let product = tree.text(usb + "/idProduct")
    else { return "card-\(DevicePath.fit(cardID))" }
    let serial = tree.text(usb + "/serial").map(DevicePath.fit) ?? ""
    let place = DevicePath.text(of: folder, in: tree)
    return "usb-\(vendor)-\(product)-\(serial.isEmpty ? "none" : serial)-\(place)"
  }

  /// This process is named as well, as soon as it has the node open.
  func holders(of path: String) -> [String] { NodeHolders(tree: tree, own: 0).names(of: path) }
}
