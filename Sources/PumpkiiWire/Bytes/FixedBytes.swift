/// An identifier, hash, nonce or key of a length the protocol fixes.
package protocol FixedBytes: Hashable, Sendable, CustomStringConvertible {
  static var byteCount: Int { get }
  var bytes: [UInt8] { get }
  /// - Throws: ``WireError`` `truncated` when the length is not ``byteCount``.
  init(_ bytes: [UInt8]) throws(WireError)
}

extension FixedBytes {
  /// Lower-case hexadecimal; what people and file names see.
  package var hex: String { Hex.encode(bytes) }
  package var description: String { hex }

  /// - Throws: ``WireError`` `notText` or `truncated`.
  package init(hex: some StringProtocol) throws(WireError) { try self.init(Hex.decode(hex)) }

  static func checked(_ bytes: [UInt8]) throws(WireError) -> [UInt8] {
    guard bytes.count == byteCount else { throw WireError(.truncated, "\(Self.self)") }
    return bytes
  }
}

/// Hexadecimal, lower case when written.
package enum Hex {
  private static let digits = Array("0123456789abcdef".utf8)

  /// Two digits a byte.
  package static func encode(_ bytes: some Sequence<UInt8>) -> String {
    var text: [UInt8] = []
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// - Throws: ``WireError`` `notText` when the length is odd or a character is no digit.
  package static func decode(_ text: some StringProtocol) throws(WireError) -> [UInt8] {
    var values: [UInt8] = []
    for character in text {
      guard let value = character.hexDigitValue, character.isASCII else { throw WireError(.notText, "hexadecimal") }
      values.append(UInt8(value))
    }
    guard values.count.isMultiple(of: 2) else { throw WireError(.notText, "hexadecimal of odd length") }
    return stride(from: 0, to: values.count, by: 2).map { values[$0] << 4 | values[$0 + 1] }
  }
}
