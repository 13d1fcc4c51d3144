/// Appends big-endian fields to a byte array: the one encoder of every structure in `docs/protocol.md`.
package struct ByteWriter: Sendable {
  package private(set) var bytes: [UInt8]

  package init(capacity: Int = 64) {
    bytes = []
    bytes.reserveCapacity(capacity)
  }

  /// Big-endian.
  package mutating func write<Integer: FixedWidthInteger & UnsignedInteger>(_ value: Integer) {
    var shift = Integer.bitWidth
    while shift > 0 {
      shift -= 8
      bytes.append(UInt8(truncatingIfNeeded: value >> Integer(shift)))
    }
  }

  /// As they are, without a length.
  package mutating func write(_ raw: some Sequence<UInt8>) {
    bytes.append(contentsOf: raw)
  }

  /// Without a length: the type fixes it.
  package mutating func write(_ value: some FixedBytes) {
    bytes.append(contentsOf: value.bytes)
  }

  /// A u16 length and that many bytes.
  package mutating func writeShort(_ raw: [UInt8]) {
    write(UInt16(clamping: raw.count))
    write(raw)
  }

  /// A u32 length and that many bytes.
  package mutating func writeLong(_ raw: [UInt8]) {
    write(UInt32(clamping: raw.count))
    write(raw)
  }

  /// A u8 length and that many bytes of UTF-8.
  package mutating func writeText(_ text: String) {
    let raw = Array(text.utf8.prefix(255))
    write(UInt8(raw.count))
    write(raw)
  }
}
