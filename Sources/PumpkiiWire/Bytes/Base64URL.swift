/// base64url without padding (RFC 4648 §5), strict: one text for one byte string. How bytes stand inside the relay's
/// JSON.
package enum Base64URL {
  private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

  /// The text of `bytes`.
  package static func encode(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    var at = 0
    while at < bytes.count {
      let count = min(3, bytes.count - at)
      let word = (0..<3).reduce(UInt32(0)) { $0 << 8 | ($1 < count ? UInt32(bytes[at + $1]) : 0) }
      for place in 0...count { text.append(letters[Int(word >> UInt32(18 - 6 * place)) & 63]) }
      at += 3
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The bytes, nil when a character is none of the 64 or bits are left over that are not zero.
  package static func decode(_ text: some StringProtocol) -> [UInt8]? {
    var bytes: [UInt8] = []
    var word: UInt32 = 0
    var bits = 0
    for letter in text.utf8 {
      guard let value = letters.firstIndex(of: letter) else { return nil }
      word = (word << 6 | UInt32(value)) & 0xFFF
      bits += 6
      if bits >= 8 {
        bits -= 8
        bytes.append(UInt8(truncatingIfNeeded: word >> UInt32(bits)))
      }
    }
    guard bits < 6, word & ((1 << UInt32(bits)) - 1) == 0 else { return nil }
    return bytes
  }
}
