import Foundation
import PumpkiiPolicy
import Testing

@Suite struct TextsTests {
  @Test func theTermsAreTheSeedByItsHash() throws {
    let hash = try SHA256Tool.hash(of: Data(contentsOf: Tree.root.appending(path: "seeds/000_17c9631cf052b985.txt")))
    #expect(Texts.terms == TermsFacts.Version(number: 1, hash: hash))
    #expect(try Tree.text("seeds/000_17c9631cf052b985.txt") == Texts.policy, "what people read is what they accept")
    #expect(try SHA256Tool.hash(of: Data(Texts.policy.utf8)) == hash)
    let readMe = try Tree.text("seeds/README.md")
    #expect(readMe.contains(hash))
  }

  @Test func theRiskTextIsTheOneThatItsHashNames() throws {
    #expect(try SHA256Tool.hash(of: Data(Texts.risk.utf8)) == Texts.riskHash)
  }

  /// Each honest limit of the threat model that concerns whoever sends something has its words in the risk text.
  @Test(arguments: [
    ("What was received cannot be taken back", "cannot be taken back"),
    ("Relay operators see", "The relay cannot open"),
    ("Timing and sizes show motion", "Times and sizes"), ("No forward secrecy", "opens what was sealed to it before"),
    ("A stolen device can sign", "stolen camera can sign"), ("No formal proof", "tested, not proven"),
  ])
  func theRiskTextSaysTheHonestLimits(limit: String, words: String) throws {
    #expect(try Tree.text("docs/threat-model.md").contains(limit) && Texts.risk.contains(words))
    #expect(Texts.risk.split(separator: "\n").count < 12)
  }
}

/// The hash that the machine's own program computes, which is not ours.
enum SHA256Tool {
  struct Failed: Error {}

  static func hash(of data: Data) throws -> String {
    let file = FileManager.default.temporaryDirectory.appending(path: "pumpkii-text-\(UUID().uuidString)")
    try data.write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/sha256sum")
    process.arguments = [file.path]
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failed() }
    return String(text.prefix(64))
  }
}
