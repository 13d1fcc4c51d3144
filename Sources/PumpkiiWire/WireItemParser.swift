/// Cuts a byte stream into items, refusing what is over a limit before it buffers it.
package struct WireItemParser: Sendable {
  private var buffer: [UInt8] = []
  private var start = 0

  package init() {}

  /// Bytes held back because their item is not whole yet.
  package var pending: Int { buffer.count - start }

  /// Takes what came, in pieces of any size.
  package mutating func append(_ bytes: some Collection<UInt8>) {
    if start > 0, start == buffer.count || start > 1 << 16 {
      buffer.removeFirst(start)
      start = 0
    }
    buffer.append(contentsOf: bytes)
  }

  /// The next whole item, nil when more bytes are needed.
  /// - Throws: ``WireError``; the stream cannot be read on after it.
  package mutating func next() throws(WireError) -> WireItem? {
    guard let (kind, total) = try measure() else { return nil }
    guard pending >= total else { return nil }
    let bytes = Array(buffer[start..<start + total])
    start += total
    guard kind == .object else { return .control(kind, Array(bytes[WireItem.controlHeaderByteCount...])) }
    return .object(try ObjectHeader(bytes[..<ObjectHeader.byteCount]), bytes)
  }

  /// The next item's kind and length in bytes, nil while its header is not whole.
  private func measure() throws(WireError) -> (WireItem.Kind, Int)? {
    var reader = ByteReader(buffer[start...])
    guard reader.remaining >= WireItem.controlHeaderByteCount else { return nil }
    guard try reader.read(UInt8.self, "version") == WireItem.version else { throw WireError(.unknownVersion, "item") }
    guard let kind = try WireItem.Kind(rawValue: reader.read("type")) else { throw WireError(.unknownType, "item") }
    if kind == .object {
      guard pending >= ObjectHeader.byteCount else { return nil }
      let header = try ObjectHeader(buffer[start..<start + ObjectHeader.byteCount])
      return (kind, ObjectHeader.byteCount + Int(header.length))
    }
    guard try reader.read(UInt16.self, "reserved") == 0 else { throw WireError(.unknownValue, "reserved") }
    let length = try Int(reader.read(UInt32.self, "length"))
    guard length <= WireLimits.controlBytes else { throw WireError(.overLimit, "item length") }
    return (kind, WireItem.controlHeaderByteCount + length)
  }
}
