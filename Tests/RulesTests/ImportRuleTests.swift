import Foundation
import Testing

struct ImportRuleTests {
  @Test func importsRunOnlyDownward() {
    #expect(!Repository.sources.isEmpty)
    for file in Repository.sources {
      let violations = ImportRule.violations(in: file.code, room: file.room)
      #expect(violations == [], "\(file.path)")
    }
  }

  @Test func testsReachInsideByPackageAccess() {
    for file in Repository.tests {
      let testable = file.code.flatMap(ImportRule.imports).filter { $0.attributes.contains("@testable") }
      #expect(testable.isEmpty, "\(file.path)")
    }
  }

  @Test func everyRoomHasARankAndSomethingInIt() {
    for room in Repository.rooms() {
      #expect(ImportRule.ranks[room] != nil, "\(room) needs a rank in ImportRule")
      #expect(!Repository.files(in: "Sources/\(room)", ["swift", "c", "modulemap"]).isEmpty, "\(room) is empty")
    }
  }

  @Test(arguments: [
    ("import PumpkiiVault", "PumpkiiChain"),
    ("package import PumpkiiAgent", "PumpkiiAgent"),
    ("  public import struct PumpkiiClient.Account", "PumpkiiVault"),
    ("@preconcurrency internal import PumpkiiSimulation", "PumpkiiMedia"),
    ("import Glibc; import PumpkiiAgent", "PumpkiiClient"),
    ("#if os(Linux)\nimport PumpkiiWire\n#endif", "PumpkiiSystem"),
    ("@testable import PumpkiiWire", "PumpkiiVault"),
    ("import Foundation", "PumpkiiClient"),
    ("public import class Foundation.FileHandle", "PumpkiiClient"),
    ("import FoundationEssentials", "PumpkiiPolicy"),
    ("internal import FoundationEssentials", "PumpkiiCapture"),
    ("internal import PumpkiiVault", "PumpkiiRelay"),
    ("internal import CPumpkiiOpenSSL", "PumpkiiClient"),
    ("import PumpkiiVault", "pumpkii-relay"),
    ("import PumpkiiAttic", "pumpkii"),
    ("let x = 1", "PumpkiiAttic"),
  ])
  func aBadImportIsNoticed(text: String, room: String) {
    #expect(ImportRule.violations(in: SwiftText.code(text.components(separatedBy: "\n")), room: room).count == 1)
  }

  @Test(arguments: [
    ("package import PumpkiiWire", "PumpkiiVault"),
    ("import FoundationEssentials", "PumpkiiClient"),
    ("// import PumpkiiAgent", "PumpkiiWire"),
    ("let text = \"\"\"\nimport PumpkiiAgent\n\"\"\"", "PumpkiiWire"),
    ("/* a comment\nimport PumpkiiAgent */", "PumpkiiWire"),
    ("#if canImport(Foundation)", "PumpkiiWire"),
  ])
  func aGoodImportIsLeftAlone(text: String, room: String) {
    #expect(ImportRule.violations(in: SwiftText.code(text.components(separatedBy: "\n")), room: room) == [])
  }
}
