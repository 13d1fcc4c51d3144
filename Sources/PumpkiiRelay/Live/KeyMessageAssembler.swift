internal import PumpkiiWire

/// Puts a key message together from its items: the head, then as many entries as it names, nothing between them.
struct KeyMessageAssembler: Sendable {
  struct Message: Sendable, Equatable {
    let head: [UInt8]
    let entries: [[UInt8]]
  }

  private var head: [UInt8]?
  private var missing = 0
  private var entries: [[UInt8]] = []

  /// A head waits for its entries.
  var isOpen: Bool { head != nil }

  /// Takes one item; the message when it is whole.
  mutating func take(_ item: WireItem) throws -> Message? {
    guard case .control(let kind, let body) = item else {
      throw Problem.bad("keys-items", "an object between key items")
    }
    switch (kind, head) {
    case (.keyHead, nil):
      missing = try Signed<KeyHead>(decoding: body).body.entryDigests.count
      head = body
    case (.keyEntry, .some):
      entries.append(body)
      missing -= 1
    default:
      throw Problem.bad("keys-items", "a key message is its head, then exactly its entries")
    }
    guard missing == 0, let whole = head else { return nil }
    defer { self = KeyMessageAssembler() }
    return Message(head: whole, entries: entries)
  }

  /// A body that is one key message and nothing else.
  static func decode(_ bytes: [UInt8]) throws -> Message {
    var parser = WireItemParser()
    parser.append(bytes)
    var assembler = KeyMessageAssembler()
    var message: Message?
    while let item = try parser.next() {
      guard message == nil else { throw Problem.bad("keys-items", "something follows the key message") }
      message = try assembler.take(item)
    }
    guard let message, parser.pending == 0 else { throw Problem.bad("keys-items", "the key message is not whole") }
    return message
  }
}
