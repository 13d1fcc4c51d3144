internal import Glibc
internal import PumpkiiSystem

/// Reads a `/sys`, `/dev` and `/proc`: those of the machine or, below another root, those of a test.
struct SoundTree: Sendable {
  /// Empty for the machine's own.
  private let prefix: String

  init(root: String) { prefix = root == "/" ? "" : root }

  /// All capture devices, by card and device.
  func captureNodes() -> [CaptureNode] {
    let folder = prefix + "/sys/class/sound"
    let names = names(in: folder)
    let cards = names.compactMap { $0.hasPrefix("card") ? Int($0.dropFirst(4)) : nil }.sorted()
    return cards.flatMap { card -> [CaptureNode] in
      let entry = "\(folder)/card\(card)"
      guard let cardID = text(entry + "/id"), !cardID.isEmpty else { return [] }
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
    guard unsafe access(prefix + path, R_OK | W_OK) != 0 else { return true }
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
    guard let folder = real(entry + "/device"),
      let usb = ancestors(of: folder).first(where: { DurableFile.exists($0 + "/idVendor") }),
      let vendor = text(usb + "/idVendor"), let product = text(usb + "/idProduct")
    else { return "card-\(Self.fit(cardID))" }
    let serial = text(usb + "/serial").map(Self.fit) ?? ""
    return "usb-\(vendor)-\(product)-\(serial.isEmpty ? "none" : serial)-\(place(folder))"
  }

  /// Where the device sits, as udev's ID_PATH says without the interface: `pci-0000:00:14.0-usb-0:1.2`.
  private func place(_ folder: String) -> String {
    var parts: [String] = []
    var previous: String?
    for ancestor in ancestors(of: folder) {
      guard let subsystem = link(ancestor + "/subsystem").map(Self.lastPart) else { continue }
      // Of a chain of hubs or bridges the nearest one says it all.
      defer { previous = subsystem }
      guard subsystem != previous else { continue }
      let name = Self.lastPart(ancestor)
      switch subsystem {
      case "usb":
        // The bus number depends on the order of probing, the interface is not where it is plugged in.
        if let ports = name.split(separator: "-").dropFirst().first {
          parts.append("usb-0:\(ports.prefix { $0 != ":" })")
        }
      case "pci", "platform": parts.append("\(subsystem)-\(name)")
      default: break
      }
    }
    return parts.isEmpty ? "virtual" : parts.reversed().joined(separator: "-")
  }

  /// What a device says of itself, made fit for an id.
  private static func fit(_ text: String) -> String {
    let scalars = text.unicodeScalars.prefix(64).map { scalar -> Character in
      let isKept = scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
      return isKept || ".:_-".unicodeScalars.contains(scalar) ? Character(scalar) : "_"
    }
    return String(scalars)
  }
}

// Who has a node open.
extension SoundTree {
  /// Without this process, unless it has the node open itself: then that is what the caller has to know.
  func holders(of path: String) -> [String] {
    let processes = names(in: prefix + "/proc").compactMap { Int32($0) }.sorted()
    return processes.compactMap { process in
      let folder = "\(prefix)/proc/\(process)/fd"
      guard names(in: folder).contains(where: { link("\(folder)/\($0)") == path }) else { return nil }
      return "\(name(of: process)) (pid \(process))"
    }
  }

  /// Control characters that a process gave itself are not shown.
  private func name(of process: Int32) -> String {
    let text = text("\(prefix)/proc/\(process)/comm") ?? ""
    let shown = String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }))
    return shown.isEmpty ? "a program" : shown
  }
}

// Plain access.
extension SoundTree {
  private func names(in folder: String) -> [String] { (try? DurableFile.list(folder)) ?? [] }

  /// An attribute without the newline at its end; nil where there is none.
  private func text(_ path: String) -> String? {
    guard let bytes = try? DurableFile.read(path, limit: 1 << 16) else { return nil }
    var line = String(decoding: bytes, as: UTF8.self)
    while line.last?.isNewline == true { line.removeLast() }
    return line
  }

  /// Where a symbolic link points, as it is written.
  private func link(_ path: String) -> String? {
    unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { room in
      guard let base = room.baseAddress else { return nil }
      let count = unsafe readlink(path, base, room.count)
      return count > 0 ? unsafe String(decoding: room.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self) : nil
    }
  }

  private func real(_ path: String) -> String? {
    guard let found = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(found) }
    return unsafe String(cString: found)
  }

  /// `folder` and all folders above it, nearest first, up to `/sys/devices`.
  private func ancestors(of folder: String) -> [String] {
    var found: [String] = []
    var current = folder
    while !current.hasSuffix("/sys/devices"), let cut = current.lastIndex(of: "/"), cut != current.startIndex {
      found.append(current)
      current = String(current[..<cut])
    }
    return found
  }

  private static func lastPart(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
}
