import Foundation
import Testing

struct ChecklistRuleTests {
  private static func tests() -> [(file: String, lines: [String])] {
    // Without these tests' own examples.
    Repository.tests.filter { $0.room != "RulesTests" }.map {
      (String($0.path.split(separator: "/").last ?? ""), $0.lines)
    }
  }

  @Test func everyItemOfTheChecklistHasItsTest() throws {
    let url = Repository.root.appending(path: "docs/capture.md")
    let document = try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map(String.init)
    #expect(ChecklistRule.violations(document: document, tests: Self.tests()) == [])
  }

  private static let rest = (2...56).map { "| \($0) | x | left out: y |" }

  @Test func aTestThatIsGoneIsNoticed() {
    let table = ["| 1 | x | `A.swift`, `B.swift` |"] + Self.rest
    let a = (file: "A.swift", lines: [#"  @Test("checklist 1: x") func x() {}"#])
    let b = (file: "B.swift", lines: [#"  @Test("checklist 1, 60: y") func y() {}"#])
    #expect(ChecklistRule.violations(document: table, tests: [a, b]) == [])
    #expect(
      ChecklistRule.violations(document: table, tests: [a])
        == [#"item 1: the table says ["A.swift", "B.swift"], the tests say ["A.swift"]"#])
  }

  @Test func aMissingRowAndARowWithoutAnythingAreNoticed() {
    #expect(ChecklistRule.violations(document: Self.rest, tests: []) == ["item 1 is not in the table"])
    #expect(
      ChecklistRule.violations(document: ["| 1 | x | |"] + Self.rest, tests: [])
        == ["item 1 has neither a test nor a reason"])
  }

  @Test(arguments: [
    (#"@Test("checklist 9: S_FMT answers")"#, [9]), (#"@Test("checklist 9, 10,11: x", arguments: [1])"#, [9, 10, 11]),
    (#"@Test("checklist 30c: x")"#, [30]), ("// checklist 9: not a name", []), (#"@Test("checklists 9: x")"#, []),
  ])
  func namesBeginWithNumbers(line: String, numbers: [Int]) {
    #expect(ChecklistRule.numbers(line) == numbers)
  }
}
