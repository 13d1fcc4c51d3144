/// A sealed object's place: its segment's KID and its number in the segment. Every ledger names objects by it.
package struct ObjectName: Hashable, Sendable, CustomStringConvertible {
  /// The segment's number on the wire.
  package let kid: UInt64
  /// From 0 in each segment.
  package let index: UInt32

  package init(kid: UInt64, index: UInt32) {
    self.kid = kid
    self.index = index
  }

  /// The upper half of a KID is its epoch (`docs/protocol.md`).
  package var epoch: UInt32 { UInt32(truncatingIfNeeded: kid >> 32) }

  package var description: String { "0x\(String(kid, radix: 16))/\(index)" }

  /// Nil when the line names no object.
  /// - Throws: `DecodingError` when the KID is no hexadecimal number.
  init?<Key: CodingKey>(_ fields: KeyedDecodingContainer<Key>, kid kidKey: Key, index indexKey: Key) throws {
    guard let text = try fields.decodeIfPresent(String.self, forKey: kidKey),
      let index = try fields.decodeIfPresent(UInt32.self, forKey: indexKey)
    else { return nil }
    guard let kid = UInt64(text.hasPrefix("0x") ? String(text.dropFirst(2)) : text, radix: 16) else {
      throw DecodingError.dataCorruptedError(
        forKey: kidKey, in: fields, debugDescription: "a KID is written as 0x and hexadecimal digits")
    }
    self.init(kid: kid, index: index)
  }
}
