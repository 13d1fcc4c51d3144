internal import PumpkiiSystem

/// The two streams of a command: results on one, everything said to a person on the other.
enum Output {
  /// A line of the result, on standard output.
  static func line(_ text: String) { StandardStream.output.write(Array((text + "\n").utf8)) }

  /// A whole text of the result, which ends its own lines, on standard output.
  static func text(_ text: String) { StandardStream.output.write(Array(text.utf8)) }

  /// A line for the person at the terminal, on standard error.
  static func note(_ text: String) { StandardStream.error.write(Array((text + "\n").utf8)) }

  /// Text without a line's end, for a line that is written over; on standard error.
  static func progress(_ text: String) { StandardStream.error.write(Array(text.utf8)) }
}

/// Text inside JSON that is written by hand.
enum JSONText {
  static func quote(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case _ where scalar.value < 32:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
