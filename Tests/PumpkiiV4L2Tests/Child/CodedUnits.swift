/// Pieces of H.264 streams: real parameter sets, made-up slices.
enum CodedUnits {
  /// 320×180, High, full range.
  static let parameters = bytes("6764000bacb202833f3e02d90000030001000003000a0f142a48")

  static func bytes(_ hexadecimal: String) -> [UInt8] {
    let digits = hexadecimal.utf8.map { UInt8(String(UnicodeScalar($0)), radix: 16) ?? 0 }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }

  /// With a start code of four bytes, or three.
  static func nal(_ bytes: [UInt8], isShort: Bool = false) -> [UInt8] { (isShort ? [0, 0, 1] : [0, 0, 0, 1]) + bytes }

  /// A slice; `first` is false for one that goes on with a picture.
  static func slice(_ number: Int, type: UInt8 = 1, isFirst: Bool = true, size: Int = 40) -> [UInt8] {
    let head: [UInt8] = [type | 0x60, isFirst ? 0x88 : 0x48]
    return head + (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ number) | 0x10 }
  }

  /// A picture that stands alone, with its parameter sets.
  static func key(_ number: Int, size: Int = 40) -> [UInt8] {
    nal(parameters) + nal([0x68, 0xEE, 0x3C, 0x80]) + nal(slice(number, type: 5, size: size), isShort: true)
  }

  static func other(_ number: Int, size: Int = 40) -> [UInt8] { nal(slice(number, size: size)) }
}
