/// Swift read as text: what is left of a line without its comments and the contents of its strings.
enum SwiftText {
  /// Blanks comments and strings, so that a rule about code does not see words about code. Knows line and block
  /// comments, strings of one line and of several, raw or not; interpolations count as string.
  static func code(_ lines: [String]) -> [String] {
    var scanner = Scanner()
    return lines.map { scanner.code(in: Array($0.utf8)) }
  }

  /// Works on bytes: everything that matters here is ASCII.
  private struct Scanner {
    private enum Place {
      case code
      case comment(depth: Int)
      case text(hashes: Int)
    }

    private static let quote = UInt8(ascii: "\"")
    private static let hash = UInt8(ascii: "#")
    private static let threeQuotes = [quote, quote, quote]
    private static let openComment = Array("/*".utf8)
    private static let closeComment = Array("*/".utf8)
    private static let lineComment = Array("//".utf8)

    private var place = Place.code

    mutating func code(in line: [UInt8]) -> String {
      var at = 0
      var result: [UInt8] = []
      while at < line.count {
        switch place {
        case .comment(let depth): at += comment(depth, line, at)
        case .text(let hashes): at += text(hashes, line, at)
        case .code:
          if starts(line, at, Self.lineComment) { return String(decoding: result, as: UTF8.self) }
          if starts(line, at, Self.openComment) {
            place = .comment(depth: 1)
            at += 2
          } else if let hashes = opening(line, at) {
            at += string(hashes, line, at)
            result += [Self.quote, Self.quote]
          } else {
            result.append(line[at])
            at += 1
          }
        }
      }
      return String(decoding: result, as: UTF8.self)
    }

    private func starts(_ line: [UInt8], _ at: Int, _ word: [UInt8]) -> Bool {
      at + word.count <= line.count && line[at..<at + word.count].elementsEqual(word)
    }

    private mutating func comment(_ depth: Int, _ line: [UInt8], _ at: Int) -> Int {
      if starts(line, at, Self.closeComment) {
        place = depth == 1 ? .code : .comment(depth: depth - 1)
        return 2
      }
      guard starts(line, at, Self.openComment) else { return 1 }
      place = .comment(depth: depth + 1)
      return 2
    }

    private mutating func text(_ hashes: Int, _ line: [UInt8], _ at: Int) -> Int {
      let end = Self.threeQuotes + Array(repeating: Self.hash, count: hashes)
      guard starts(line, at, end) else { return hashes == 0 && line[at] == UInt8(ascii: "\\") ? 2 : 1 }
      place = .code
      return end.count
    }

    /// How many `#` stand before the quote that begins here; nil when no string begins here.
    private func opening(_ line: [UInt8], _ at: Int) -> Int? {
      guard line[at] == Self.quote || line[at] == Self.hash else { return nil }
      let hashes = line[at...].prefix { $0 == Self.hash }.count
      return at + hashes < line.count && line[at + hashes] == Self.quote ? hashes : nil
    }

    /// The length of the string that begins here, or of the opening of one that goes on in the next lines.
    private mutating func string(_ hashes: Int, _ line: [UInt8], _ start: Int) -> Int {
      if starts(line, start + hashes, Self.threeQuotes) {
        place = .text(hashes: hashes)
        return hashes + 3
      }
      let end = [Self.quote] + Array(repeating: Self.hash, count: hashes)
      var at = start + hashes + 1
      while at < line.count, !starts(line, at, end) { at += hashes == 0 && line[at] == UInt8(ascii: "\\") ? 2 : 1 }
      return min(at + end.count, line.count) - start
    }
  }
}
