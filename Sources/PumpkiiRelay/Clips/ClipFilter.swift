package import PumpkiiWire

/// A guest's part of a clip: the record, every key head, the entries of its own client, and the objects of the classes
/// that it may see, as they came.
package struct ClipFilter: Sendable {
  private let client: ClientID
  private let classes: ClassMask
  private var parser = WireItemParser()

  /// The part of one client.
  package init(client: ClientID, classes: ClassMask) {
    self.client = client
    self.classes = classes
  }

  /// What of the next bytes is the guest's, cut at items.
  /// - Throws: `WireError`; a stored clip has none.
  package mutating func take(_ bytes: [UInt8]) throws -> [UInt8] {
    parser.append(bytes)
    var part: [UInt8] = []
    while let item = try parser.next() { if try isOwn(item) { part += item.bytes } }
    return part
  }

  private func isOwn(_ item: WireItem) throws -> Bool {
    switch item {
    case .object(let header, _): classes.contains(header.mediaClass)
    case .control(.keyEntry, let body): try KeyEntry(decoding: body).client == client
    case .control: true
    }
  }
}
