internal import PumpkiiSystem

/// The two streams of a command: results on one, everything said to a person on the other.
enum Output {
  /// A line of the result, on standard output.
  static func line(_ text: String) { write(text + "\n", to: "/dev/stdout") }

  /// A line for the person at the terminal, on standard error.
  static func note(_ text: String) { write(text + "\n", to: "/dev/stderr") }

  /// Text without a line's end, for a line that is written over; on standard error.
  static func progress(_ text: String) { write(text, to: "/dev/stderr") }

  private static func write(_ text: String, to path: String) {
    // A reader that went away is no reason to fail.
    try? DurableFile.append(Array(text.utf8), to: path, sync: false)
  }
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
