import Foundation

/// Files and functions that a reader can hold in mind.
enum SizeRule {
  static let fileLimit = 500
  static let functionLimit = 60

  /// Functions over the limit that do not say why, as "name at line: length".
  static func longFunctions(in lines: [String], code: [String]? = nil) -> [String] {
    let code = code ?? SwiftText.code(lines)
    return code.indices.compactMap { start in
      guard isFunction(code[start]), let length = length(from: start, in: code), length > functionLimit,
        !hasReason(lines, above: start)
      else { return nil }
      return "line \(start + 1): \(length) lines"
    }
  }

  /// Functions of a C file: a line at the margin that opens a block, to the brace at the margin that closes it.
  static func longCFunctions(in lines: [String]) -> [String] {
    var start: Int?
    var result: [String] = []
    for (number, line) in lines.enumerated() {
      if line.hasSuffix("{"), line.contains("("), line.first?.isLetter == true { start = number }
      if line.hasPrefix("}"), let begun = start {
        let length = number - begun + 1
        if length > functionLimit, !hasReason(lines, above: begun) {
          result.append("line \(begun + 1): \(length) lines")
        }
        start = nil
      }
    }
    return result
  }

  private static func isFunction(_ line: String) -> Bool {
    guard ["func ", "init", "subscript"].contains(where: { line.contains($0) }) else { return false }
    let words = line.split { !$0.isLetter && !$0.isNumber && $0 != "_" && $0 != "@" }
    guard let place = words.firstIndex(where: { ["func", "init", "deinit", "subscript"].contains($0) }) else {
      return false
    }
    // `x.init(…)` and `self.init(…)` are calls; only modifiers and attributes may stand before a declaration.
    let head = line.prefix(upTo: line.range(of: String(words[place]))?.lowerBound ?? line.startIndex)
    return !head.contains(".") && !head.contains("=") && words[..<place].allSatisfy { isModifier(String($0)) }
  }

  private static func isModifier(_ word: String) -> Bool {
    let modifiers: Set<String> = [
      "public", "package", "internal", "private", "fileprivate", "open", "static", "class", "final", "override",
      "mutating",
      "nonmutating", "nonisolated", "consuming", "borrowing", "convenience", "required", "indirect", "unsafe",
    ]
    return word.hasPrefix("@") || modifiers.contains(word)
  }

  /// To the line whose brace closes the declaration that begins at `start`; nil for a requirement without a body.
  private static func length(from start: Int, in code: [String]) -> Int? {
    var depth = 0
    var hasBody = false
    var parentheses = 0
    for line in start..<code.count {
      for character in code[line] {
        switch character {
        case "(", "[": parentheses += 1
        case ")", "]": parentheses -= 1
        case "{":
          depth += 1
          // A brace inside the parameters is a default value's, not the body's.
          if parentheses == 0 { hasBody = true }
        case "}":
          depth -= 1
          if depth < 0 { return nil }
          if depth == 0, hasBody { return line - start + 1 }
        default: break
        }
      }
      if !hasBody, parentheses == 0, line > start, code[line].allSatisfy(\.isWhitespace) { return nil }
    }
    return nil
  }

  /// The comment that says why, above the declaration and its attributes.
  private static func hasReason(_ lines: [String], above start: Int) -> Bool {
    var line = start - 1
    while line >= 0 {
      let text = lines[line].trimmingCharacters(in: .whitespaces)
      if text.hasPrefix("// long because ") { return true }
      guard text.hasPrefix("@") || text.hasPrefix("//") else { return false }
      line -= 1
    }
    return false
  }
}
