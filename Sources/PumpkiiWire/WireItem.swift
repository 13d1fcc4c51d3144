/// One item of a stream or of a kept file: an object, or a control item `version | type | 0 u16 | length u32 | body`.
package enum WireItem: Sendable, Equatable {
  /// The types on the wire; numbers never change their meaning.
  package enum Kind: UInt8, Sendable, CaseIterable {
    case object = 1
    case keyHead = 2
    case keyEntry = 3
    case beacon = 4
    case clip = 5
    /// Relay to viewer: objects that this viewer's queue lost. A hint; the viewer counts for itself.
    case loss = 6
    /// Nothing happened; the connection lives.
    case heartbeat = 7
    /// Relay to device: KID u64, index u32 of an object taken.
    case acknowledgement = 8
    /// Relay to device: the tree root over viewers' nonces that the next beacon answers.
    case challenge = 9
    /// Relay to viewer, after the beacon that it belongs to: how one of its nonces leads to the beacon's challenge.
    case noncePath = 10
    /// Relay to viewer: whether the device's line is open. A hint, like everything that is not signed.
    case presence = 11
  }

  package static let version: UInt8 = 1
  package static let controlHeaderByteCount = 8

  /// A whole object, header to signature, with its decoded header.
  case object(ObjectHeader, [UInt8])
  /// A control item's body.
  case control(Kind, [UInt8])

  package var kind: Kind {
    switch self {
    case .object: .object
    case .control(let kind, _): kind
    }
  }

  /// The bytes as they stand on the wire.
  package var bytes: [UInt8] {
    switch self {
    case .object(_, let bytes): return bytes
    case .control(let kind, let body):
      var writer = ByteWriter(capacity: body.count + Self.controlHeaderByteCount)
      writer.write(Self.version)
      writer.write(kind.rawValue)
      writer.write(UInt16(0))
      writer.writeLong(body)
      return writer.bytes
    }
  }
}

/// Cuts a byte stream into items, refusing what is over a limit before it buffers it.
package struct WireItemParser: Sendable {
  private var buffer: [UInt8] = []
  private var start = 0

  package init() {}

  /// Bytes held back because their item is not whole yet.
  package var pending: Int { buffer.count - start }

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
