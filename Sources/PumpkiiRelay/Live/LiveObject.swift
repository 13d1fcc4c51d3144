package import NIOCore
package import PumpkiiWire

/// An object on its way through a room: its clear header and its bytes in one buffer that all viewers share.
package struct LiveObject: Sendable, Equatable {
  /// The 36 clear bytes, decoded.
  package let header: ObjectHeader
  /// The whole object, header to signature.
  package let bytes: ByteBuffer

  /// An object as it was received.
  package init(header: ObjectHeader, bytes: ByteBuffer) {
    self.header = header
    self.bytes = bytes
  }

  /// The track of its KID.
  package var track: Track { header.kid.track }
  var count: Int { bytes.readableBytes }
  var isRandomAccess: Bool { header.flags.contains(.randomAccess) }
  /// Init and end objects are never dropped by a queue: without them nothing around them opens.
  var isKept: Bool { header.flags.contains(.initialization) || header.flags.contains(.endOfSegment) }
}

/// A stored key message, cut for its readers.
package struct LiveKeys: Sendable, Equatable {
  let epoch: UInt32
  let head: ByteBuffer
  /// Each entry as an item, with the client it is for, in the head's order.
  let entries: [Entry]

  /// One reader's part, as an item.
  package struct Entry: Sendable, Equatable {
    let client: ClientID
    let item: ByteBuffer

    /// The entry of one client.
    package init(client: ClientID, item: ByteBuffer) {
      self.client = client
      self.item = item
    }
  }

  /// A message of `epoch`, its head as an item.
  package init(epoch: UInt32, head: ByteBuffer, entries: [Entry]) {
    self.epoch = epoch
    self.head = head
    self.entries = entries
  }

  /// Head and entries for one reader: an owner compares all entries with its roster, a guest receives its own only.
  func items(for client: ClientID, isOwner: Bool) -> [ByteBuffer] {
    [head] + entries.filter { isOwner || $0.client == client }.map(\.item)
  }

  func has(_ client: ClientID) -> Bool { entries.contains { $0.client == client } }
}
