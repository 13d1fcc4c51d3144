/// Reads big-endian fields from a byte array, refusing before it allocates.
package struct ByteReader: Sendable {
  private let bytes: ArraySlice<UInt8>
  private var at: Int

  package init(_ bytes: [UInt8]) { self.init(bytes[...]) }

  package init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    at = bytes.startIndex
  }

  /// Bytes not read yet.
  package var remaining: Int { bytes.endIndex - at }
  /// Bytes read so far.
  package var consumed: Int { at - bytes.startIndex }

  /// A big-endian unsigned integer.
  /// - Throws: ``WireError`` `truncated`.
  package mutating func read<Integer: FixedWidthInteger & UnsignedInteger>(
    _: Integer.Type, _ field: String
  ) throws(WireError) -> Integer {
    let count = Integer.bitWidth / 8
    guard remaining >= count else { throw WireError(.truncated, field) }
    var value: Integer = 0
    for byte in bytes[at..<at + count] { value = (value << 8) | Integer(byte) }
    at += count
    return value
  }

  /// A big-endian unsigned integer of the type that is wanted.
  /// - Throws: ``WireError`` `truncated`.
  package mutating func read<Integer: FixedWidthInteger & UnsignedInteger>(
    _ field: String
  ) throws(WireError) -> Integer {
    try read(Integer.self, field)
  }

  /// Exactly `count` bytes.
  /// - Throws: ``WireError`` `truncated`.
  package mutating func read(count: Int, _ field: String) throws(WireError) -> [UInt8] {
    guard count >= 0, remaining >= count else { throw WireError(.truncated, field) }
    defer { at += count }
    return Array(bytes[at..<at + count])
  }

  /// A fixed-length identifier, hash or key.
  /// - Throws: ``WireError`` `truncated`.
  package mutating func read<Value: FixedBytes>(_ field: String) throws(WireError) -> Value {
    try Value(read(count: Value.byteCount, field))
  }

  /// A u16 length and that many bytes, at most `limit`.
  /// - Throws: ``WireError`` `overLimit` or `truncated`.
  package mutating func readShort(limit: Int = 65535, _ field: String) throws(WireError) -> [UInt8] {
    let count = try Int(read(UInt16.self, field))
    guard count <= limit else { throw WireError(.overLimit, field) }
    return try read(count: count, field)
  }

  /// A u32 length and that many bytes, at most `limit`.
  /// - Throws: ``WireError`` `overLimit` or `truncated`.
  package mutating func readLong(limit: Int, _ field: String) throws(WireError) -> [UInt8] {
    let count = try Int(read(UInt32.self, field))
    guard count <= limit else { throw WireError(.overLimit, field) }
    return try read(count: count, field)
  }

  /// A u8 length and that many bytes of valid UTF-8.
  /// - Throws: ``WireError`` `truncated` or `notText`.
  package mutating func readText(_ field: String) throws(WireError) -> String {
    let raw = try read(count: Int(read(UInt8.self, field)), field)
    guard let text = String(validating: raw, as: UTF8.self) else { throw WireError(.notText, field) }
    return text
  }

  /// A u8 that names a case.
  /// - Throws: ``WireError`` `truncated` or `unknownValue`.
  mutating func readCase<Value: RawRepresentable<UInt8>>(_ field: String) throws(WireError) -> Value {
    guard let value = Value(rawValue: try read(UInt8.self, field)) else { throw WireError(.unknownValue, field) }
    return value
  }

  /// A u8 that is 0 or 1.
  /// - Throws: ``WireError`` `truncated` or `unknownValue`.
  mutating func readTruth(_ field: String) throws(WireError) -> Bool {
    let value: UInt8 = try read(field)
    guard value <= 1 else { throw WireError(.unknownValue, field) }
    return value == 1
  }

  /// Everything is read.
  /// - Throws: ``WireError`` `trailingBytes`.
  package func finish(_ field: String) throws(WireError) {
    guard remaining == 0 else { throw WireError(.trailingBytes, field) }
  }
}
