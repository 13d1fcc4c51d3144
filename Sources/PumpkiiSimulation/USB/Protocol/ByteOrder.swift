/// Numbers in bytes: USB writes its own little-endian, USB/IP big-endian.
extension [UInt8] {
  mutating func putLittle(_ value: some FixedWidthInteger) {
    unsafe Swift.withUnsafeBytes(of: value.littleEndian) { unsafe append(contentsOf: $0) }
  }

  mutating func putBig(_ value: some FixedWidthInteger) {
    unsafe Swift.withUnsafeBytes(of: value.bigEndian) { unsafe append(contentsOf: $0) }
  }

  /// `count` bytes from `offset` as a number; bytes that are not there are zeros.
  func little(at offset: Int, _ count: Int) -> UInt64 {
    (0..<count).reduce(0) { sum, index in
      offset + index < self.count ? sum | UInt64(self[offset + index]) << UInt64(8 * index) : sum
    }
  }
}

extension ArraySlice<UInt8> {
  /// Four bytes from the slice's beginning on; the caller has checked that they are there.
  func big32(at offset: Int) -> UInt32 {
    (0..<4).reduce(0) { $0 << 8 | UInt32(self[startIndex + offset + $1]) }
  }
}
