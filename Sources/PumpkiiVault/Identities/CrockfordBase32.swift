/// Crockford's base 32: text that a person can read aloud and type. Case, blanks and hyphens do not matter, O reads as
/// 0, I and L as 1.
enum CrockfordBase32 {
  private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U")

  /// Five bits a symbol, most significant first, zero bits at the end.
  static func encode(_ bytes: [UInt8]) -> [Character] {
    var symbols: [Character] = []
    var bits = 0
    var held = 0
    for byte in bytes {
      bits = bits << 8 | Int(byte)
      held += 8
      while held >= 5 {
        held -= 5
        symbols.append(alphabet[bits >> held & 31])
      }
      bits &= (1 << held) - 1
    }
    if held > 0 { symbols.append(alphabet[bits << (5 - held) & 31]) }
    return symbols
  }

  /// Exactly `count` bytes. `what` names the text in the error.
  static func decode(_ symbols: [Character], count: Int, _ what: String) throws(VaultError) -> [UInt8] {
    guard symbols.count == (count * 8 + 4) / 5 else { throw VaultError(.badCode, "length of the \(what)") }
    var bytes: [UInt8] = []
    var bits = 0
    var held = 0
    for symbol in symbols {
      guard let value = alphabet[..<32].firstIndex(of: symbol) else {
        throw VaultError(.badCode, "sign in the \(what)")
      }
      bits = bits << 5 | value
      held += 5
      if held >= 8 {
        held -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> held))
        bits &= (1 << held) - 1
      }
    }
    guard bits == 0 else { throw VaultError(.badCode, "end of the \(what)") }
    return bytes
  }

  /// The check symbol: the bytes as one number modulo 37. It finds every single wrong symbol and every swap of two.
  static func check(_ bytes: [UInt8]) -> Character {
    alphabet[bytes.reduce(0) { ($0 * 256 + Int($1)) % 37 }]
  }

  /// What a person typed, as symbols of the alphabet.
  static func normalized(_ text: some StringProtocol) -> [Character] {
    text.uppercased().compactMap { character in
      switch character {
      case " ", "-", "\n", "\r", "\t": nil
      case "O": "0"
      case "I", "L": "1"
      default: character
      }
    }
  }

  /// Groups of four with hyphens.
  static func grouped(_ symbols: [Character]) -> String {
    stride(from: 0, to: symbols.count, by: 4).map { String(symbols[$0..<min($0 + 4, symbols.count)]) }
      .joined(separator: "-")
  }
}
