/// Writes ISO base media boxes: big-endian fields, nested boxes whose sizes are filled in when they end.
struct BoxWriter {
  private(set) var bytes: [UInt8] = []

  mutating func reserve(_ count: Int) { bytes.reserveCapacity(count) }

  mutating func write<Integer: FixedWidthInteger>(_ value: Integer) {
    for shift in stride(from: Integer.bitWidth - 8, through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> Integer(shift)))
    }
  }

  mutating func write(_ more: some Sequence<UInt8>) { bytes.append(contentsOf: more) }

  mutating func zeros(_ count: Int) { bytes.append(contentsOf: repeatElement(0, count: count)) }

  mutating func box(_ type: StaticString, _ body: (inout BoxWriter) -> Void) {
    let start = bytes.count
    write(UInt32(0))
    unsafe write(UnsafeBufferPointer(start: type.utf8Start, count: 4))
    body(&self)
    set(UInt32(bytes.count - start), at: start)
  }

  mutating func fullBox(
    _ type: StaticString, version: UInt8 = 0, flags: UInt32 = 0, _ body: (inout BoxWriter) -> Void
  ) {
    box(type) {
      $0.write(UInt32(version) << 24 | flags)
      body(&$0)
    }
  }

  /// Overwrites four bytes, for sizes and offsets known later.
  mutating func set(_ value: UInt32, at index: Int) {
    for byte in 0..<4 { bytes[index + byte] = UInt8(truncatingIfNeeded: value >> UInt32(24 - 8 * byte)) }
  }
}
