/// The SFrame header: config byte `X K(3) Y C(3)`, then KID and CTR where they do not fit in three bits (RFC 9605
/// §4.3).
package struct SFrameHeader: Hashable, Sendable {
  /// The config byte and two integers of eight.
  package static let maximumByteCount = 17
  /// The key, by number.
  package let kid: UInt64
  /// Of the object under that key.
  package let ctr: UInt64

  package init(kid: UInt64, ctr: UInt64) {
    self.kid = kid
    self.ctr = ctr
  }

  /// Reads one header from the front of `reader`.
  /// - Throws: ``WireError`` `truncated`, or `notMinimal` for an integer longer than it need be.
  package init(_ reader: inout ByteReader) throws(WireError) {
    let config: UInt8 = try reader.read("SFrame config")
    kid = try Self.value(extended: config & 0x80 != 0, bits: (config >> 4) & 7, &reader, "SFrame KID")
    ctr = try Self.value(extended: config & 0x08 != 0, bits: config & 7, &reader, "SFrame CTR")
  }

  package func write(to writer: inout ByteWriter) {
    writer.write(Self.bits(kid) << 4 | Self.bits(ctr))
    for value in [kid, ctr] where value > 7 {
      let count = Self.byteCount(value)
      for place in (0..<count).reversed() { writer.write(UInt8(truncatingIfNeeded: value >> UInt64(8 * place))) }
    }
  }

  package var bytes: [UInt8] {
    var writer = ByteWriter(capacity: Self.maximumByteCount)
    write(to: &writer)
    return writer.bytes
  }

  package var byteCount: Int { 1 + (kid > 7 ? Self.byteCount(kid) : 0) + (ctr > 7 ? Self.byteCount(ctr) : 0) }

  private static func byteCount(_ value: UInt64) -> Int { max(1, (71 - value.leadingZeroBitCount) / 8) }

  /// The four bits of one field: the extension bit and either the value or its length less one.
  private static func bits(_ value: UInt64) -> UInt8 {
    value > 7 ? 8 | UInt8(byteCount(value) - 1) : UInt8(value)
  }

  private static func value(
    extended: Bool, bits: UInt8, _ reader: inout ByteReader, _ field: String
  ) throws(WireError) -> UInt64 {
    guard extended else { return UInt64(bits) }
    let raw = try reader.read(count: Int(bits) + 1, field)
    let value = raw.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard value > 7, byteCount(value) == raw.count else { throw WireError(.notMinimal, field) }
    return value
  }
}
