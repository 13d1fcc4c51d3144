/// docs/capture.md names, for each behaviour of robust capture, the tests that show it. This reads both sides: the table,
/// and the tests, whose names begin with the numbers of what they show (`checklist 9, 10: …`).
enum ChecklistRule {
  /// The numbers of the list.
  static let items = 1...56

  /// Test files by item, from the tests' names.
  static func shown(in tests: [(file: String, lines: [String])]) -> [Int: Set<String>] {
    var result: [Int: Set<String>] = [:]
    for test in tests {
      for line in test.lines {
        for item in numbers(line) { result[item, default: []].insert(test.file) }
      }
    }
    return result
  }

  /// The numbers that a test's name begins with.
  static func numbers(_ line: String) -> [Int] {
    guard let match = try? #/"checklist ([0-9, ]+)[a-d]?:/#.firstMatch(in: line) else { return [] }
    return match.output.1.split { $0 == "," || $0 == " " }.compactMap { Int($0) }
  }

  /// The table's rows: `| 9 | what | `File`, `File` |`; a row that is left out begins its last cell with "left out".
  static func rows(in document: [String]) -> [Int: (files: Set<String>, isLeftOut: Bool)] {
    var result: [Int: (files: Set<String>, isLeftOut: Bool)] = [:]
    for line in document {
      let cells = line.split(separator: "|", omittingEmptySubsequences: false).map { $0.trimmingPrefix(" ") }
      guard cells.count == 5, let item = Int(cells[1].filter(\.isNumber)), cells[1].first?.isNumber == true else {
        continue
      }
      let names = cells[3].split(separator: "`", omittingEmptySubsequences: false).enumerated()
      let files = names.filter { $0.offset % 2 == 1 }.map { String($0.element) }
      result[item] = (Set(files), cells[3].hasPrefix("left out"))
    }
    return result
  }

  /// Sentences about what does not agree.
  static func violations(document: [String], tests: [(file: String, lines: [String])]) -> [String] {
    let (rows, shown) = (rows(in: document), shown(in: tests))
    return items.compactMap { item in
      guard let row = rows[item] else { return "item \(item) is not in the table" }
      let files = shown[item] ?? []
      if row.isLeftOut { return files.isEmpty ? nil : "item \(item) is left out, and \(files.sorted()) shows it" }
      if row.files.isEmpty { return "item \(item) has neither a test nor a reason" }
      guard row.files != files else { return nil }
      return "item \(item): the table says \(row.files.sorted()), the tests say \(files.sorted())"
    }
  }
}
