import Foundation
import PumpkiiTransport
import PumpkiiWire
import Testing

@Suite struct DiagnosticsLogTests {
  private static func withLog(_ body: (String) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "pumpkii-diagnostics-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body("\(folder)/\(DiagnosticsLog.fileName)")
  }

  private static func filled(_ path: String) -> DiagnosticsLog {
    let log = DiagnosticsLog(path: path)
    log.count(.starts)
    log.count(.objectsSealed, by: 7)
    log.did(.watch)
    log.failed("relay-unreachable")
    log.failed("relay-unreachable")
    log.crashed("agent-unclean-end")
    return log
  }

  private static let environment = DiagnosticsEnvironment([.language: "de_AT", .deviceType: "Ada's board (4)"])

  private static func object(_ report: DiagnosticsSubmission?) throws -> [String: Any] {
    let json = try #require(report).json
    return try #require(try JSONSerialization.jsonObject(with: Data(json)) as? [String: Any])
  }

  @Test(arguments: Diagnostics.Kind.allCases) func onlyWhatIsAllowedIsInAReport(_ kind: Diagnostics.Kind) throws {
    try Self.withLog { path in
      let log = Self.filled(path)
      let report = log.report(Self.environment, of: [kind])
      #expect(report?.kinds == [kind])
      let object = try Self.object(report)
      #expect(Set(object.keys) == [kind.rawValue])
      #expect(log.report(Self.environment, of: []) == nil)
    }
  }

  @Test func whatWasNotedIsThereAfterAStartAndOnlyWhatWasSentIsForgotten() throws {
    try Self.withLog { path in
      let log = Self.filled(path)
      try log.save()
      let again = DiagnosticsLog(path: path)
      let report = try #require(again.report(Self.environment, of: [.errors, .statistics]))
      again.failed("relay-unreachable")
      again.sending(report)
      #expect(again.sentKinds == [.errors, .statistics], "what leaves is owed, answered or not")
      again.sent(report, now: 9)
      #expect(again.lastSent == 9)
      let rest = try Self.object(again.report(Self.environment, of: Set(Diagnostics.Kind.allCases)))
      #expect(rest["errors"] as? [String: Int] == ["relay-unreachable": 1])
      #expect(Set(rest.keys) == ["environment", "operations", "errors", "crashes"])
      #expect(rest["operations"] as? [String] == ["watch"])
      again.withdrawn()
      try again.save()
      #expect(DiagnosticsLog(path: path).sentKinds.isEmpty)
    }
  }

  @Test func itNeverGrowsBeyondWhatAReportMayHold() throws {
    try Self.withLog { path in
      let log = DiagnosticsLog(path: path)
      for number in 0..<500 { log.failed("code-\(number)") }
      log.failed("a sentence about Ada")
      let report = try Self.object(log.report(Self.environment, of: [.errors]))
      let errors = try #require(report["errors"] as? [String: Int])
      #expect(errors.count == Diagnostics.codes)
      #expect(errors.values.reduce(0, +) == 501)
      #expect(errors.keys.allSatisfy { Diagnostics.isCode($0) })
      log.count(.starts, by: .max)
      log.count(.starts, by: .max)
      let statistics = try Self.object(log.report(Self.environment, of: [.statistics]))
      let counts = statistics["statistics"] as? [String: UInt64]
      #expect(counts?["starts"] == Diagnostics.counts - 1)
    }
  }

  @Test func theEnvironmentFitsItsFieldsWhateverTheMachineSays() {
    for (field, text) in Self.environment.fields { #expect(Diagnostics.isFitting(text, field)) }
    #expect(Self.environment.fields[.language] == "de-AT")
    let here = DiagnosticsEnvironment.current(["LANG": "pt_BR.UTF-8"])
    #expect(here.fields[.language] == "pt-BR")
    for (field, text) in here.fields { #expect(Diagnostics.isFitting(text, field)) }
  }

  @Test func aDamagedFileBeginsAnew() throws {
    try Self.withLog { path in
      try Data([1, 2, 3]).write(to: URL(fileURLWithPath: path))
      let log = DiagnosticsLog(path: path)
      log.did(.pair)
      try log.save()
      #expect(DiagnosticsLog(path: path).report(Self.environment, of: [.operations]) != nil)
    }
  }
}
