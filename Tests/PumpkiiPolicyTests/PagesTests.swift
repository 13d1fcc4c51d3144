import Foundation
import PumpkiiPolicy
import Testing

@Suite struct PagesTests {
  @Test func thePolicyPageIsTheOneThatTheDataMakes() throws {
    #expect(try Tree.text("docs/policy.md") == PolicyPages.policy, "pumpkii policy clauses --markdown > docs/policy.md")
  }

  @Test func theDataPageIsTheOneThatTheDataMakes() throws {
    #expect(try Tree.text("docs/data.md") == PolicyPages.data, "pumpkii policy data --markdown > docs/data.md")
  }

  @Test func eachClauseHasAPlaceAndATest() throws {
    for clause in Clauses.all {
      #expect(!clause.points.isEmpty || clause.place?.isEmpty == false, "\(clause.id) is kept nowhere")
      #expect(!clause.tests.isEmpty, "\(clause.id) is shown by nothing")
      #expect(clause.relayPending?.isEmpty != true)
    }
    let pending = Set(Clauses.all.filter { $0.relayPending != nil }.map(\.id))
    #expect(pending.isSuperset(of: ["C2", "C4", "C9", "C10", "C12", "C13", "C20"]))
    #expect(pending.isDisjoint(with: ["C1", "C3", "C5", "C6", "C14", "C15", "C16", "C17", "C18", "C19"]))
  }

  @Test func namedSuitesStandInTheTests() throws {
    for name in Set(Clauses.all.flatMap(\.tests)) {
      let parts = name.split(separator: ".").map(String.init)
      #expect(parts.count == 2)
      let files = try Tree.swiftFiles("Tests/\(parts[0])")
      let isThere = try files.contains { try Tree.text($0).contains("struct \(parts[1]) {") }
      #expect(isThere, "there is no suite \(name)")
    }
  }
}
