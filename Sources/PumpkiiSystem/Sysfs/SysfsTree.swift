internal import Glibc

/// Reads a `/sys`, `/dev` and `/proc`, those of the machine or, below another root, those of a test.
package struct SysfsTree: Sendable {
  /// Empty for the machine's own.
  private let prefix: String

  package init(root: String) { prefix = root == "/" ? "" : root }

  /// An absolute path below the root.
  package func path(_ absolute: String) -> String { prefix + absolute }

  /// An attribute without the newline at its end; nil where there is none.
  package func text(_ path: String) -> String? {
    guard let bytes = try? DurableFile.read(path, limit: 1 << 16) else { return nil }
    var line = String(decoding: bytes, as: UTF8.self)
    while line.last?.isNewline == true { line.removeLast() }
    return line
  }

  /// A number in an attribute.
  package func number(_ path: String, radix: Int = 10) -> Int? {
    text(path).flatMap { Int($0.drop { $0 == " " }, radix: radix) }
  }

  /// One `KEY=value` of an `uevent` file.
  package func variable(_ key: String, in folder: String) -> String? {
    let lines = text(folder + "/uevent")?.split(separator: "\n") ?? []
    return lines.first { $0.hasPrefix(key + "=") }.map { String($0.dropFirst(key.utf8.count + 1)) }
  }

  /// What a folder holds; nothing where it cannot be read.
  package func names(in folder: String) -> [String] { (try? DurableFile.list(folder)) ?? [] }

  /// Where a symbolic link points, as it is written.
  package func link(_ path: String) -> String? {
    unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { room in
      guard let base = room.baseAddress else { return nil }
      let count = unsafe readlink(path, base, room.count)
      return count > 0 ? unsafe String(decoding: room.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self) : nil
    }
  }

  /// The path with all symbolic links followed; nil where it leads nowhere.
  package func real(_ path: String) -> String? {
    guard let found = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(found) }
    return unsafe String(cString: found)
  }

  /// A path's last name.
  package static func lastPart(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

  /// The folder's name in which its subsystem keeps it: `usb`, `pci`, `platform`.
  package func subsystem(_ folder: String) -> String? { link(folder + "/subsystem").map(Self.lastPart) }

  /// `folder` and all folders above it, nearest first, up to `/sys/devices`.
  package func ancestors(of folder: String) -> [String] {
    var found: [String] = []
    var current = folder
    while !current.hasSuffix("/sys/devices"), let cut = current.lastIndex(of: "/"), cut != current.startIndex {
      found.append(current)
      current = String(current[..<cut])
    }
    return found
  }

  /// The folder of the USB device of which `folder` is an interface.
  package func usbDevice(above folder: String) -> String? {
    ancestors(of: folder).first { DurableFile.exists($0 + "/idVendor") }
  }
}
