internal import Glibc

/// The character devices that this process holds open, as the kernel lists them.
package struct OpenDevices: Sendable {
  /// A device that is open.
  package struct Device: Sendable, Hashable {
    package let major: UInt32
    package let minor: UInt32
    /// The kernel's own name (`video0`, `snd/pcmC0D0c`), whatever path it was opened by; empty where it says none.
    package let name: String

    package init(major: UInt32, minor: UInt32, name: String) {
      self.major = major
      self.minor = minor
      self.name = name
    }
  }

  /// The numbers of the character device behind a path; nil where there is none.
  package typealias Look = @Sendable (_ path: String) -> (major: UInt32, minor: UInt32)?

  private let folder: String
  private let names: String
  private let look: Look

  /// - Parameters:
  ///   - folder: of descriptors; another one for tests.
  ///   - names: where the kernel names character devices by their numbers.
  package init(
    folder: String = "/proc/self/fd", names: String = "/sys/dev/char", look: @escaping Look = OpenDevices.numbers
  ) {
    self.folder = folder
    self.names = names
    self.look = look
  }

  /// Every character device whose major number is one of `majors`.
  /// - Throws: ``SystemError`` when the kernel's list cannot be read.
  package func list(majors: Set<UInt32>) throws(SystemError) -> Set<Device> {
    var devices: Set<Device> = []
    let descriptors = try DurableFile.list(folder)
    // Whoever looks has at least the folder open.
    guard !descriptors.isEmpty else { throw SystemError("readdir", errno: ENOENT, folder) }
    for descriptor in descriptors {
      guard let (major, minor) = look("\(folder)/\(descriptor)"), majors.contains(major) else { continue }
      devices.insert(Device(major: major, minor: minor, name: name(major, minor)))
    }
    return devices
  }

  /// stat(2) through the link of a descriptor, which the kernel follows to the open device itself.
  package static func numbers(_ path: String) -> (major: UInt32, minor: UInt32)? {
    var status = stat()
    guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFCHR else { return nil }
    let device = UInt64(status.st_rdev)
    // As makedev(3) puts them together.
    return (
      UInt32(truncatingIfNeeded: (device >> 8) & 0xfff | (device >> 32) & 0xffff_f000),
      UInt32(truncatingIfNeeded: device & 0xff | (device >> 12) & 0xffff_ff00)
    )
  }

  private func name(_ major: UInt32, _ minor: UInt32) -> String {
    guard let bytes = try? DurableFile.read("\(names)/\(major):\(minor)/uevent", limit: 4096) else { return "" }
    let line = String(decoding: bytes, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("DEVNAME=") }
    return line.map { String($0.dropFirst(8)) } ?? ""
  }
}
