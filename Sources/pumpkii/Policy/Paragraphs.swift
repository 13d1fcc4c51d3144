/// A text of long paragraphs as a page that a terminal shows whole.
enum Paragraphs {
  static let width = 100

  /// Breaks lines at blanks; leaves paragraphs apart, and a list's items under their dot.
  static func wrapped(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).flatMap(lines).joined(separator: "\n")
  }

  private static func lines(_ paragraph: Substring) -> [String] {
    let words = paragraph.split(separator: " ")
    guard let first = words.first else { return [""] }
    let indent = String(paragraph.prefix { $0 == " " })
    let hanging = indent + (first == "•" ? "  " : "")
    var lines = [indent + first]
    for word in words.dropFirst() {
      if (lines.last?.count ?? 0) + 1 + word.count > width {
        lines.append(hanging + word)
      } else {
        lines[lines.count - 1] += " " + word
      }
    }
    return lines
  }
}
