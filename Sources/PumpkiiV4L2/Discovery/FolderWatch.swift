internal import CPumpkiiV4L2
internal import Glibc
internal import PumpkiiSystem

/// Hears of nodes made, changed and removed in `/dev`, by inotify; works on devtmpfs with no udev about.
///
/// A node is announced twice: when it is made, and when its mode is set, before which it could not be opened.
struct FolderWatch: ~Copyable {
  /// To be polled; −1 where inotify is not to be had.
  let descriptor: Int32
  private let folder: String
  private var video: Int32 = -1
  private var sound: Int32 = -1

  init(folder: String) {
    self.folder = folder
    descriptor = max(pk_inotify(), -1)
    video = add(folder)
    sound = add(folder + "/snd")
  }

  deinit { if descriptor >= 0 { _ = close(descriptor) } }

  /// Reads all that waits.
  /// - Returns: true where a camera or a sound card may have come or gone.
  mutating func drain() -> Bool {
    var matters = false
    var room = [UInt8](repeating: 0, count: 1 << 14)
    while true {
      let count = unsafe read(descriptor, &room, room.count)
      guard count > 0 else { return matters }
      for event in InotifyEvent.all(in: room[..<count]) where hears(event) { matters = true }
    }
  }

  private mutating func hears(_ event: InotifyEvent) -> Bool {
    if event.isOverflow { return true }
    if event.watch == sound {
      // The folder went with the last card, and the watch with it.
      if event.isEnd { sound = -1 }
      return true
    }
    if event.name == "snd", sound < 0 {
      sound = add(folder + "/snd")
      return true
    }
    return NodeSnapshot.isVideo(event.name)
  }

  private func add(_ path: String) -> Int32 {
    guard descriptor >= 0 else { return -1 }
    return unsafe inotify_add_watch(descriptor, path, UInt32(IN_CREATE | IN_DELETE | IN_ATTRIB | IN_MOVED_TO))
  }
}

/// One entry of what inotify(7) gives to read.
struct InotifyEvent: Equatable {
  let watch: Int32
  let mask: UInt32
  let name: String

  var isOverflow: Bool { mask & UInt32(IN_Q_OVERFLOW) != 0 }
  /// The watched folder itself went.
  var isEnd: Bool { mask & UInt32(IN_IGNORED) != 0 }

  private static let head = 16

  /// All whole entries.
  static func all(in bytes: some Collection<UInt8>) -> [InotifyEvent] {
    let bytes = Array(bytes)
    var events: [InotifyEvent] = []
    var offset = 0
    while offset + head <= bytes.count {
      let length = Int(word(bytes, offset + 12))
      let end = offset + head + length
      guard end <= bytes.count else { break }
      let name = bytes[(offset + head)..<end].prefix { $0 != 0 }
      events.append(
        InotifyEvent(
          watch: Int32(bitPattern: word(bytes, offset)), mask: word(bytes, offset + 4),
          name: String(decoding: name, as: UTF8.self)))
      offset = end
    }
    return events
  }

  private static func word(_ bytes: [UInt8], _ offset: Int) -> UInt32 {
    unsafe bytes.withUnsafeBytes { unsafe $0.loadUnaligned(fromByteOffset: offset, as: UInt32.self) }
  }
}
