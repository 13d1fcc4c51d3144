/// What plain scalars mean: YAML 1.2's core schema cut to what cannot be misread. `yes` and `no` are text, not truth
/// values.
enum DocumentScalar {
  static func kind(of text: String) -> String {
    if isNothing(text) { return "empty" }
    if bool(text) != nil { return "true or false" }
    return double(text) != nil ? "a number" : "text"
  }

  static func isNothing(_ text: String) -> Bool { ["", "~", "null", "Null", "NULL"].contains(text) }

  static func bool(_ text: String) -> Bool? {
    switch text {
    case "true": true
    case "false": false
    default: nil
    }
  }

  static func int(_ text: String) -> Int? {
    guard let last = text.utf8.last, isDigit(last), text.utf8.first != UInt8(ascii: "+") else { return nil }
    return Int(text)
  }

  static func double(_ text: String) -> Double? {
    // `Double` reads hexadecimal, infinity and "nan" as well; a document has no use for them.
    guard text.utf8.contains(where: isDigit), text.utf8.allSatisfy({ isDigit($0) || ".-+eE".utf8.contains($0) }) else {
      return nil
    }
    return Double(text).flatMap { $0.isFinite ? $0 : nil }
  }

  /// `250ms`, `10s`, `5m`, `2h`, `7d`.
  static func duration(_ text: String) -> Duration? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let count = Int64(digits), count <= 1 << 40 else { return nil }
    switch text.dropFirst(digits.count) {
    case "ms": return .milliseconds(count)
    case "s": return .seconds(count)
    case "m": return .seconds(count * 60)
    case "h": return .seconds(count * 3600)
    case "d": return .seconds(count * 86_400)
    default: return nil
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
