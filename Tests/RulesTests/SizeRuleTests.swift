import Foundation
import Testing

struct SizeRuleTests {
  @Test func noFileIsLongerThanTheLimit() {
    for file in Repository.sources + Repository.tests + Repository.cSources {
      #expect(file.lines.count <= SizeRule.fileLimit + 1, "\(file.path)")
    }
  }

  @Test func noFunctionIsLongerThanTheLimitWithoutAReason() {
    for file in Repository.sources + Repository.tests {
      #expect(SizeRule.longFunctions(in: file.lines, code: file.code) == [], "\(file.path)")
    }
    for file in Repository.cSources {
      #expect(SizeRule.longCFunctions(in: file.lines) == [], "\(file.path)")
    }
  }

  private func function(_ head: String, lines: Int) -> [String] {
    ["struct S {"] + head.components(separatedBy: "\n") + Array(repeating: "    work()", count: lines) + ["  }", "}"]
  }

  @Test(arguments: [
    "  func f() {", "  private static func f<T>(\n    _ a: T, b: () -> Void = {}\n  ) async throws(E) -> Int {",
    "  init() {", "  package init?(x: Int) {", "  deinit {", "  @Test(arguments: [1])\n  func f() {",
    "  // a comment\n  func f() {", "  subscript(x: Int) -> Int {",
  ])
  func aLongFunctionIsNoticed(head: String) {
    #expect(SizeRule.longFunctions(in: function(head, lines: 60)).count == 1)
    #expect(SizeRule.longFunctions(in: function(head, lines: 20)) == [])
  }

  @Test func aReasonAboveItExcusesALongFunction() {
    let reasoned =
      "  // long because the standard's table is read in one go\n  /// Documented.\n  @inlinable\n  func f() {"
    #expect(SizeRule.longFunctions(in: function(reasoned, lines: 90)) == [])
    #expect(SizeRule.longFunctions(in: function("  // long because\n\n  func f() {", lines: 90)).count == 1)
  }

  @Test func aRequirementAndACallAreNoFunctions() {
    let lines = ["protocol P {", "  func f() -> Int", "  init(x: Int)", "}", "let a = S.init()"]
    #expect(SizeRule.longFunctions(in: lines + Array(repeating: "work()", count: 90)) == [])
    #expect(SizeRule.longFunctions(in: function("  var f: Int {\n    self.init(x: 1)", lines: 70)) == [])
  }

  @Test func aLongCFunctionIsNoticed() {
    let body = Array(repeating: "  work();", count: 60)
    #expect(SizeRule.longCFunctions(in: ["int f(int a) {"] + body + ["}"]).count == 1)
    #expect(SizeRule.longCFunctions(in: ["// long because of the table", "int f(int a) {"] + body + ["}"]) == [])
    #expect(SizeRule.longCFunctions(in: ["static const int table[] = {"] + body + ["};"]) == [])
  }
}
