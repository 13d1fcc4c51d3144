/// A chain, or any list of byte strings, as one body: each entry after its u32 length.
package enum EntryList {
  /// One entry after the other.
  package static func encode(_ entries: [[UInt8]]) -> [UInt8] {
    var writer = ByteWriter()
    for entry in entries { writer.writeLong(entry) }
    return writer.bytes
  }

  /// - Throws: ``WireError``.
  package static func decode(_ bytes: [UInt8], limit: Int = WireLimits.chainEntryBytes) throws(WireError) -> [[UInt8]] {
    var reader = ByteReader(bytes)
    var entries: [[UInt8]] = []
    while reader.remaining > 0 {
      guard entries.count < WireLimits.chainEntries else { throw WireError(.overLimit, "entries") }
      entries.append(try reader.readLong(limit: limit, "entry"))
    }
    return entries
  }
}
