import Foundation
import PumpkiiPolicy
import Testing

/// Whoever reads a code of ours learns by `pumpkii explain` what it comes from and what to do.
@Suite struct CodesTests {
  /// Codes in the error enums of all rooms, in the relay's problems, and the states of a camera, read from the sources.
  private static var inSources: Set<String> {
    get throws {
      var codes: Set<String> = []
      for file in try Tree.swiftFiles("Sources") {
        let text = try Tree.text(file)
        if file.hasSuffix("Error.swift") {
          codes.formUnion(try Tree.matches(#"\n    case \w+ = "([a-z-]+)""#, in: text))
          codes.formUnion(try Tree.matches(#"Code\(rawValue: "([a-z-]+)"\)"#, in: text))
        }
        if file.contains("/PumpkiiRelay/") { codes.formUnion(try problems(in: text)) }
      }
      let state = try Tree.text("Sources/PumpkiiClient/Watch/SensorState.swift")
      codes.formUnion(try Tree.matches(#"\n    case \.\w+: "([a-z-]+)""#, in: upToWords(state)))
      codes.formUnion(try Tree.matches(#"\n    case (\w+)\n"#, in: state).map { "not-live-\($0)" })
      return codes
    }
  }

  /// The words for people after them are no codes.
  private static func upToWords(_ text: String) -> String { text.components(separatedBy: "var words:")[0] }

  private static func problems(in text: String) throws -> [String] {
    let calls = [#"\.(?:bad|conflict|forbidden|unknown)\(\s*"([a-z-]+)""#, #"Problem\(\s*\.\w+,\s*"([a-z-]+)""#]
    let others = [#"init\(\.\w+, "([a-z-]+)""#, #"reasonPhrase: "[^"]+"\), "([a-z-]+)""#]
    return try (calls + others).flatMap { try Tree.matches($0, in: text) }
  }

  @Test func everyCodeAndStateHasACauseAndARemedy() throws {
    let codes = try Self.inSources
    #expect(codes.count > 200)
    let known = [
      "client-no-account", "relay-unreachable", "agent-home", "agent-rollback", "off-by-policy", "not-live-waiting",
      "clips-full", "internal",
    ]
    #expect(codes.isSuperset(of: known))
    for code in codes.sorted() { #expect(Codes.code(code) != nil, "\(code)") }
  }

  @Test func noCodeIsExplainedThatNobodyPrints() throws {
    let sources = try Self.inSources
    let elsewhere: Set = ["terms-not-accepted", "agent-request", "agent-record", "agent-unclean-end"]
    for code in Codes.all where !elsewhere.contains(code.name) { #expect(sources.contains(code.name), "\(code.name)") }
    let texts = try Tree.swiftFiles("Sources").filter { !$0.contains("PumpkiiPolicy") }.map(Tree.text).joined()
    for code in elsewhere { #expect(texts.contains(code), "\(code)") }
  }

  @Test func eachIsNamedOnceInTwoSentences() {
    #expect(Set(Codes.all.map(\.name)).count == Codes.all.count)
    for code in Codes.all {
      for sentence in [code.cause, code.remedy] {
        #expect(sentence.hasSuffix(".") && sentence.first?.isLetter == true && sentence.count > 6, "\(code.name)")
      }
    }
  }

  @Test(arguments: ["client-no-account", "not-live-waiting", "Frozen", "relay-unreachable"])
  func aCodeIsAskedForByItsName(_ name: String) {
    guard case .code = Explanation.subject(name) else {
      Issue.record("\(name) has no explanation")
      return
    }
  }

  /// What a remedy tells people to type is there to be typed.
  @Test func theCommandsThatRemediesNameExist() throws {
    let names = try Tree.swiftFiles("Sources/pumpkii").reduce(into: Set<String>()) { names, file in
      names.formUnion(try Tree.matches(#"commandName: "([a-z]+)""#, in: Tree.text(file)))
    }
    for code in Codes.all {
      for command in try Tree.matches(#"pumpkii ([a-z]+)"#, in: code.remedy) {
        #expect(names.contains(command), "pumpkii \(command) of \(code.name)")
      }
    }
  }
}
