import Foundation
import Testing

struct DocumentationRuleTests {
  @Test(arguments: DocumentationRule.modules)
  func everythingPublicIsDocumentedAndSaysWhatItThrows(module: String) throws {
    let path = DocumentationRule.folder.appending(path: "\(module).symbols.json").path
    let isThere = FileManager.default.fileExists(atPath: path)
    try #require(isThere, "\(path) is missing; scripts/test extracts the symbol graphs before the tests")
    for graph in try DocumentationRule.graphs(of: module) {
      #expect(DocumentationRule.violations(in: graph) == [])
    }
  }

  @Test(arguments: ["PumpkiiRelay", "PumpkiiSimulation", "PumpkiiClient"])
  func theLibrariesPromiseSomething(module: String) throws {
    let symbols = try DocumentationRule.graphs(of: module).flatMap(\.symbols)
    #expect(symbols.contains { $0.accessLevel == "public" })
  }

  private func graph(_ symbols: String, _ relationships: String = "") throws -> DocumentationRule.Graph {
    let text = #"{"module":{"name":"M"},"symbols":[\#(symbols)],"relationships":[\#(relationships)]}"#
    return try JSONDecoder().decode(DocumentationRule.Graph.self, from: Data(text.utf8))
  }

  private func symbol(_ access: String, throwing: Bool = false, documentation: String? = nil, isOurs: Bool = true)
    -> String
  {
    let comment = documentation.map { #","docComment":{"lines":[{"text":"\#($0)"}]}"# } ?? ""
    let place = isOurs ? #","location":{"uri":"file:///S.swift","position":{"line":4,"character":0}}"# : ""
    return """
      {"kind":{"identifier":"swift.func"},"identifier":{"precise":"s:f"},"pathComponents":["S","f()"],\
      "accessLevel":"\(access)","declarationFragments":[{"kind":"keyword","spelling":"func"},\
      {"kind":"keyword","spelling":"\(throwing ? "throws" : "async")"}]\(comment)\(place)}
      """
  }

  @Test func anUndocumentedPublicDeclarationIsNoticed() throws {
    #expect(
      DocumentationRule.violations(in: try graph(symbol("public"))) == [
        "S.f() (S.swift:5) is public and not documented"
      ])
    #expect(DocumentationRule.violations(in: try graph(symbol("open"))).count == 1)
    #expect(DocumentationRule.violations(in: try graph(symbol("public", documentation: "Does."))) == [])
    #expect(DocumentationRule.violations(in: try graph(symbol("package"))) == [])
  }

  @Test(arguments: ["public", "package"])
  func aSilentThrowIsNoticed(access: String) throws {
    let silent = try graph(symbol(access, throwing: true, documentation: "Does."))
    #expect(DocumentationRule.violations(in: silent) == ["S.f() (S.swift:5) throws and has no “- Throws:” line"])
    let honest = try graph(symbol(access, throwing: true, documentation: "- Throws: when it cannot."))
    #expect(DocumentationRule.violations(in: honest) == [])
  }

  @Test(arguments: [
    ("swift.method", ["text (body: () ", "keyword throws", "text -> Void) ", "keyword throws", "text  -> Int"], true),
    ("swift.method", ["text (body: () ", "keyword throws", "text -> Void)"], false),
    ("swift.init", ["text (x: Int) ", "keyword rethrows"], true),
    ("swift.typealias", ["text  = () ", "keyword throws", "text -> Void"], false),
    ("swift.property", ["text : () ", "keyword throws", "text -> Void"], false),
    ("swift.property", ["text : Int { ", "keyword get", "text  ", "keyword throws", "text  }"], true),
  ])
  func onlyTheDeclarationsOwnThrowCounts(kind: String, fragments: [String], isThrowing: Bool) throws {
    let list = fragments.map { fragment in
      let parts = fragment.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
      return #"{"kind":"\#(parts[0])","spelling":"\#(parts[1])"}"#
    }
    let text = """
      {"kind":{"identifier":"\(kind)"},"identifier":{"precise":"s:f"},"pathComponents":["f"],"accessLevel":"public",\
      "declarationFragments":[\(list.joined(separator: ","))]}
      """
    #expect(try graph(text).symbols.map(\.isThrowing) == [isThrowing])
  }

  @Test func whatTheCompilerMadeOrAProtocolDocumentsIsLeftAlone() throws {
    #expect(DocumentationRule.violations(in: try graph(symbol("public", throwing: true, isOurs: false))) == [])
    let origin = #"{"source":"s:f","target":"s:S","kind":"memberOf","sourceOrigin":{"displayName":"P.f()"}}"#
    #expect(DocumentationRule.violations(in: try graph(symbol("public", throwing: true), origin)) == [])
  }
}
