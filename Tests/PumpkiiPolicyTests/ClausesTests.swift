import PumpkiiPolicy
import Testing

@Suite struct ClausesTests {
  let source: PolicySource
  init() throws { source = try PolicySource() }

  @Test func idsAreTheKnownOnesInOrder() {
    let numbers = (1...12).map { "C\($0)" } + ["C12a", "C12b", "C12c", "C12d", "C12e"] + (13...20).map { "C\($0)" }
    #expect(Clauses.all.map(\.id) == numbers)
    #expect(Clauses.clause("C12e")?.id == "C12e")
    #expect(Clauses.clause("C21") == nil)
  }

  @Test func everyQuotedSpanStandsInTheSourceByteForByte() {
    let bytes = Array(source.text.utf8)
    for quote in Clauses.all.flatMap(\.quotes) + Clauses.notForAProgram.map(\.quote) {
      #expect(bytes.contains(Array(quote.utf8)), "not in the source: \(quote)")
      #expect(!quote.isEmpty && !quote.contains("…"))
    }
  }

  /// Stronger than "each sentence belongs somewhere": no word of any sentence is left over.
  @Test func everySentenceIsCoveredToTheLastWord() {
    let covered = source.covered(by: Clauses.all.flatMap(\.quotes) + Clauses.notForAProgram.map(\.quote))
    let sentences = source.sentences
    #expect(sentences.count == 39)
    for sentence in sentences {
      let left = source.text[sentence].indices.filter { source.text[$0].isLetter || source.text[$0].isNumber }
        .filter { !covered.contains($0) }
      #expect(left.isEmpty, "left over of: \(source.text[sentence])")
    }
  }

  @Test func whatIsNotForAProgramIsNoClauseAndSaysWhy() {
    let clauses = source.covered(by: Clauses.all.flatMap(\.quotes))
    for (quote, reason) in Clauses.notForAProgram {
      #expect(source.covered(by: [quote]).isDisjoint(with: clauses), "in both lists: \(quote)")
      #expect(!reason.isEmpty)
    }
  }

  @Test func eachClauseHasAFlagOrADuty() {
    for clause in Clauses.all {
      #expect(!clause.flags.isEmpty || clause.duty?.isEmpty == false, "\(clause.id)")
      #expect(!clause.quotes.isEmpty && !clause.summary.isEmpty)
    }
  }

  @Test(arguments: Flag.allCases) func eachFlagIsNamedByItsClauseAndEnforcedSomewhere(_ flag: Flag) {
    #expect(Clauses.clause(flag.clause)?.flags.contains(flag) == true)
    #expect(!flag.points.isEmpty && !flag.action.isEmpty)
    #expect(Purpose.allCases.contains(flag.purpose))
  }

  @Test func flagNamesAreTheOnesInTheDocuments() {
    let names = """
      sensor.camera sensor.microphone record.local record.cloud detect.motion detect.sound share.photo share.video \
      share.audio share.device notify.email notify.system diagnostics.environment diagnostics.statistics \
      diagnostics.operations diagnostics.errors diagnostics.crashes disclose.consent disclose.provider \
      terms.accepted risk.acknowledged
      """
    #expect(Flag.allCases.map(\.rawValue) == names.split(separator: " ").map(String.init))
  }

  @Test func everyPointGuardsAFlag() {
    #expect(Set(Flag.allCases.flatMap(\.points)) == Set(Point.allCases))
    #expect(Point.allCases.map(\.rawValue) == (1...13).map { "E\($0)" })
  }
}

extension Array where Element == UInt8 {
  fileprivate func contains(_ part: [UInt8]) -> Bool {
    guard count >= part.count else { return false }
    return (0...count - part.count).contains { self[$0..<$0 + part.count].elementsEqual(part) }
  }
}
