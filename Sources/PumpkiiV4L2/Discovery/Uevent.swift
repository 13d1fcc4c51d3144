internal import Glibc

/// One message of the kernel about a device that came or went.
package struct Uevent: Sendable, Equatable {
  /// `add`, `remove`, `change` and so on.
  package let action: String
  /// Below `/sys`.
  package let path: String
  /// `video4linux`, `sound`, `usb`.
  package let subsystem: String
  /// Below `/dev`; nil for what has no node.
  package let node: String?

  /// Reads `ACTION@PATH` and the `KEY=value` strings after it, each ended by 0.
  /// - Returns: nil for what is no uevent: udev's own messages begin otherwise.
  package init?(_ bytes: some Collection<UInt8>) {
    let strings = bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    guard let head = strings.first, let at = head.firstIndex(of: "@") else { return nil }
    var variables: [Substring: Substring] = [:]
    for string in strings.dropFirst() {
      guard let equals = string.firstIndex(of: "=") else { continue }
      variables[string[..<equals]] = string[string.index(after: equals)...]
    }
    guard let subsystem = variables["SUBSYSTEM"] else { return nil }
    action = String(variables["ACTION"] ?? head[..<at])
    path = String(variables["DEVPATH"] ?? head[head.index(after: at)...])
    self.subsystem = String(subsystem)
    node = variables["DEVNAME"].map(String.init)
  }

  /// True where a camera or a sound card may have come or gone.
  package var isOurs: Bool { subsystem == "video4linux" || subsystem == "sound" }

  /// Reads all messages that wait.
  /// - Parameter receive: puts one message into the room and says how long it is, 0 for one that is not the kernel's,
  ///   or −errno.
  /// - Returns: true where a camera or a sound card may have come or gone.
  package static func drain(_ receive: (inout [UInt8]) -> Int) -> Bool {
    var matters = false
    var room = [UInt8](repeating: 0, count: 1 << 14)
    // A storm is read in portions; poll(2) says when there is more.
    for _ in 0..<4096 {
      let count = receive(&room)
      if count == -Int(ENOBUFS) {
        // Messages were lost, and any of them may have been ours.
        matters = true
      } else if count < 0 {
        return matters
      } else if Uevent(room[..<min(count, room.count)])?.isOurs == true {
        matters = true
      }
    }
    return matters
  }
}
