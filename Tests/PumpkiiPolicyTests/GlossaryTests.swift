import Foundation
import PumpkiiPolicy
import Testing

@Suite struct GlossaryTests {
  /// Words of everyday English in codes of errors, which need no explanation.
  static let plain: Set<String> = [
    "unknown", "wrong", "over", "not", "bad", "no", "old", "too", "big", "large", "long", "many", "other", "last",
    "empty", "already", "unreadable", "missing", "allowed", "out", "of", "range", "gone", "failed", "exists",
  ]

  @Test func everyPartOfAFlagsNameIsExplained() {
    for part in Flag.allCases.flatMap({ $0.rawValue.split(separator: ".") }) {
      #expect(Glossary.term(String(part)) != nil, "\(part)")
    }
  }

  @Test func everyLayerModePurposeAndMediaClassIsExplained() {
    let words =
      Layer.allCases.map(\.rawValue) + Mode.allCases.map(\.rawValue) + Purpose.allCases.map(\.rawValue)
      + ["video", "audio", "photo", "event", "local mode", "point"]
    for word in words { #expect(Glossary.term(word) != nil, "\(word)") }
  }

  /// Codes in the protocol's table of errors, as programs switch on them.
  @Test func everyWordOfAnErrorsCodeIsExplained() throws {
    let text = try Tree.text("docs/protocol.md")
    let start = try #require(text.range(of: "\n## 12"))
    let section = text[start.upperBound...].components(separatedBy: "\n## ")[0]
    let codes = try Tree.matches(#"`([a-z]+(?:-[a-z]+)*-?)`"#, in: section)
    #expect(codes.count > 35)
    for code in codes {
      for word in code.split(separator: "-").map(String.init) where !Self.plain.contains(word) {
        #expect(Glossary.term(word) != nil, "\(word) of \(code)")
      }
      #expect(!Glossary.terms(inCode: code).isEmpty, "\(code)")
    }
  }

  /// Words with capitals inside, in the policy and in what is said about flags.
  @Test func everyAbbreviationIsExplained() throws {
    let own = Clauses.all.flatMap { [$0.summary, $0.duty ?? ""] } + Inventory.fields.map(\.contents) + [Texts.risk]
    let text = ([try PolicySource().text] + own).joined(separator: " ")
    let words = Set(text.split { !$0.isLetter && !$0.isNumber }.map(String.init))
    let technical = words.filter { word in word.dropFirst().contains(where: \.isUppercase) }
    #expect(technical.isSuperset(of: ["SSL", "TLS", "IoT", "PUMPKII"]))
    for word in technical { #expect(Glossary.term(word) != nil, "\(word)") }
  }

  @Test(arguments: [
    "avatar", "bank card", "credit card", "device sharing", "photo stream", "system language", "statistics",
    "critical operation paths", "error logs", "crash logs", "notifications", "backup", "archiving", "server",
    "third party", "service providers", "express consent", "personal information", "merger", "acquisition",
    "encryption", "transmission", "storage", "sharing", "account", "register", "microphone", "camera", "permission",
    "terms", "operating system", "local laws",
  ])
  func everySpecialistWordOfThePolicyIsExplained(_ word: String) throws {
    #expect(try PolicySource().text.lowercased().contains(word), "the policy does not say it")
    #expect(Glossary.term(word) != nil)
  }

  @Test(arguments: [
    "V4L2", "ALSA", "epoch", "roster", "relay", "SFrame", "HPKE", "pre-roll", "segment", "ledger", "beacon", "SSL",
    "TLS", "X-Wing", "row key", "tzdata",
  ])
  func wordsOfTheProgramsAreExplainedHoweverTheyAreWritten(_ word: String) {
    let term = Glossary.term(word)
    #expect(term != nil)
    for other in [word.lowercased(), word.uppercased(), word.replacingOccurrences(of: "-", with: " ")] {
      #expect(Glossary.term(other) == term)
    }
  }

  @Test func eachTermIsOneSentenceAndNoWordHasTwo() {
    var seen: [String: String] = [:]
    for term in Glossary.terms {
      #expect(term.sentence.hasSuffix(".") && term.sentence.dropLast().contains(". ") == false, "\(term.name)")
      for word in [term.name] + term.also {
        let key = word.lowercased().filter { $0 != "-" && $0 != " " && $0 != "_" }
        if let other = seen[key] { #expect(other == term.name, "\(word) is in \(other) and \(term.name)") }
        seen[key] = term.name
      }
    }
    #expect(Glossary.term("nothing of ours") == nil)
  }
}
