internal import CLibQREncode

/// A QR code in half blocks, dark on light so that a phone reads it from any terminal.
enum TerminalQR {
  /// Nil when the text is too long for a code.
  static func draw(_ text: String) -> String? {
    guard let code = unsafe QRcode_encodeString(text, 0, QR_ECLEVEL_L, QR_MODE_8, 1) else { return nil }
    defer { unsafe QRcode_free(code) }
    let width = unsafe Int(code.pointee.width)
    let modules = unsafe code.pointee.data
    let quiet = 2
    func isDark(_ x: Int, _ y: Int) -> Bool {
      guard (0..<width).contains(x), (0..<width).contains(y), let modules = unsafe modules else { return false }
      return unsafe modules[y * width + x] & 1 == 1
    }
    var lines: [String] = []
    for y in stride(from: -quiet, to: width + quiet, by: 2) {
      var line = "\u{1b}[30;107m"
      for x in -quiet..<width + quiet {
        switch (isDark(x, y), isDark(x, y + 1)) {
        case (true, true): line += "█"
        case (true, false): line += "▀"
        case (false, true): line += "▄"
        case (false, false): line += " "
        }
      }
      lines.append(line + "\u{1b}[0m")
    }
    return lines.joined(separator: "\n")
  }
}
