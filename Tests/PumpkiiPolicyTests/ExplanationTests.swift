import PumpkiiPolicy
import Testing

@Suite struct ExplanationTests {
  @Test(arguments: Flag.allCases) func aFlagIsExplainedByItsActionItsSentenceItsPurposeAndItsPoints(_ flag: Flag) {
    #expect(Explanation.subject(flag.rawValue) == .flag(flag))
    let text = Explanation.lines(.flag(flag)).joined(separator: "\n")
    #expect(text.contains(flag.action) && text.contains(flag.purpose.rawValue))
    for quote in Clauses.clause(flag.clause)?.quotes ?? [] { #expect(text.contains(quote)) }
    for point in flag.points { #expect(text.contains(point.denial(of: flag))) }
  }

  @Test(arguments: Point.allCases) func aPointIsExplainedByWhatADenialDoesThereAndItsFlags(_ point: Point) {
    #expect(Explanation.subject(point.rawValue.lowercased()) == .point(point))
    let text = Explanation.lines(.point(point)).joined(separator: "\n")
    #expect(text.contains(point.denial))
    for flag in Flag.allCases { #expect(text.contains(flag.rawValue) == flag.points.contains(point)) }
  }

  @Test func aClauseIsFoundByItsId() {
    for clause in Clauses.all { #expect(Explanation.subject(clause.id) == .clause(clause)) }
    #expect(Explanation.subject("C21") == nil)
  }

  @Test func aWordIsATermAndACodeIsItsTerms() throws {
    let term = try #require(Glossary.term("epoch"))
    #expect(Explanation.subject("Epochs") == .terms([term]))
    #expect(Explanation.lines(.terms([term])) == ["epoch: \(term.sentence)"])
    #expect(Explanation.subject("paper key") == .terms([try #require(Glossary.term("paper key"))]))
    #expect(Glossary.term("paper key")?.name == "paper key", "as the programs call it")
    let code = try #require(Codes.code("vault-bad-tag"))
    #expect(Explanation.subject("vault-bad-tag") == .code(code))
    #expect(Explanation.lines(.code(code)) == ["vault-bad-tag: \(code.cause)", "What to do: \(code.remedy)"])
    guard case .terms(let terms) = Explanation.subject("vault-newer-tag") else {
      Issue.record("a code of a newer program has no words")
      return
    }
    #expect(terms.map(\.name) == ["vault", "tag"])
    #expect(Explanation.subject("nothing of ours") == nil && Explanation.subject("") == nil)
  }

  @Test func aMicrophoneHasNoPicture() {
    #expect(!Explanation.lines(.flag(.sensorMicrophone)).joined().contains("picture"))
    #expect(Explanation.lines(.flag(.sensorCamera)).joined().contains("an \"off\" picture is shown"))
    let denied = decide(Request(point: .showLocally, flag: .sensorMicrophone), facts: Facts(), now: 0)
    #expect(denied.reason.contains("nothing of it is played"))
  }
}
