import Testing

struct WordRuleTests {
  @Test func nothingIsPutOff() {
    let scripts = Repository.files(in: "scripts", ["sh", ""])
    for file in Repository.sources + Repository.tests + Repository.cSources + scripts {
      #expect(WordRule.marks(in: file.lines) == [], "\(file.path)")
    }
  }

  @Test func sourcesDoNotTrap() {
    for file in Repository.sources { #expect(WordRule.traps(in: file.code) == [], "\(file.path)") }
  }

  @Test func tasksStayInTheirScope() {
    let loose = Repository.sources.flatMap { file in WordRule.looseTasks(in: file.code).map { "\(file.path) \($0)" } }
    #expect(loose.count <= 1, "\(loose)")
  }

  @Test(arguments: WordRule.marks)
  func aMarkIsNoticedInCodeAndComment(mark: String) {
    #expect(WordRule.marks(in: ["let a = 1 // \(mark): later"]).count == 1)
    #expect(WordRule.marks(in: ["/* \(mark) */", "let \(mark)_LIST = 1"]).count == 1)
  }

  @Test func aTrapIsNoticedInCodeOnly() {
    #expect(
      WordRule.traps(in: ["let a = " + WordRule.traps[0] + " load()", "b " + WordRule.traps[1] + " C"]).count == 2)
    #expect(
      WordRule.traps(in: SwiftText.code(["// " + WordRule.traps[0], "let alias" + "! = 1", "let s = \"as" + "! C\""]))
        == [])
  }

  @Test(arguments: [
    "Task" + " {", "let t = Task" + "(priority: .high) {", "Task" + "<Void, Never> {", "Task" + ".detached {",
    "Task" + ".immediate {",
  ])
  func aLooseTaskIsNoticed(line: String) { #expect(WordRule.looseTasks(in: [line]).count == 1) }

  @Test(arguments: ["group.addTask {", "Task.sleep(for: .seconds(1))", "withTaskGroup(of: Int.self) {", "// Task {"])
  func aStructuredTaskIsLeftAlone(line: String) { #expect(WordRule.looseTasks(in: SwiftText.code([line])) == []) }
}
