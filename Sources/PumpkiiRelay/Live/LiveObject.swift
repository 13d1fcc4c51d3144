internal import NIOCore
internal import PumpkiiWire

/// An object on its way through a room: its clear header and its bytes in one buffer that all viewers share.
struct LiveObject: Sendable, Equatable {
  let header: ObjectHeader
  let bytes: ByteBuffer

  var track: Track { header.kid.track }
  var count: Int { bytes.readableBytes }
  var isRandomAccess: Bool { header.flags.contains(.randomAccess) }
  /// Init and end objects are never dropped by a queue: without them nothing around them opens.
  var isKept: Bool { header.flags.contains(.initialization) || header.flags.contains(.endOfSegment) }
}

/// A stored key message, cut for its readers.
struct LiveKeys: Sendable, Equatable {
  let epoch: UInt32
  let head: ByteBuffer
  /// Each entry as an item, with the client it is for, in the head's order.
  let entries: [Entry]

  struct Entry: Sendable, Equatable {
    let client: ClientID
    let item: ByteBuffer
  }

  /// Head and entries for one reader: an owner compares all entries with its roster, a guest receives its own only.
  func items(for client: ClientID, isOwner: Bool) -> [ByteBuffer] {
    [head] + entries.filter { isOwner || $0.client == client }.map(\.item)
  }

  func has(_ client: ClientID) -> Bool { entries.contains { $0.client == client } }
}
