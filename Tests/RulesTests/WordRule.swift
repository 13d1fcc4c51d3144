import Foundation

/// Words that must not stand in the code, or hardly ever.
enum WordRule {
  // Put together from parts, so that this file is not its own first violation.
  static let marks = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]
  static let traps = ["try" + "!", "as" + "!"]

  /// Promises to finish later, in code or comment.
  static func marks(in lines: [String]) -> [String] {
    numbered(lines) { line in
      marks.contains { line.contains($0) }
        && words(of: line).contains { word in marks.contains(word.uppercased()) && word == word.uppercased() }
    }
  }

  /// Errors and casts that would stop the program.
  static func traps(in code: [String]) -> [String] {
    numbered(code) { line in
      traps.contains { trap in
        line.ranges(of: trap).contains { range in
          range.lowerBound == line.startIndex || !isName(line[line.index(before: range.lowerBound)])
        }
      }
    }
  }

  /// Tasks that outlive their scope.
  static func looseTasks(in code: [String]) -> [String] {
    numbered(code.map { $0.contains("Task") ? $0 : "" }) { line in
      line.firstMatch(of: /\bTask\s*(?:<[^>]*>)?\s*(?:\([^)]*\)\s*)?\{/) != nil
        || line.firstMatch(of: /\bTask\s*\.\s*(?:detached|immediate)/) != nil
    }
  }

  private static func numbered(_ lines: [String], _ isHit: (String) -> Bool) -> [String] {
    lines.enumerated().filter { isHit($0.element) }.map {
      "line \($0.offset + 1): \($0.element.trimmingCharacters(in: .whitespaces))"
    }
  }

  private static func words(of line: String) -> [String] {
    line.split { !isName($0) }.map(String.init)
  }

  private static func isName(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "_"
  }
}
