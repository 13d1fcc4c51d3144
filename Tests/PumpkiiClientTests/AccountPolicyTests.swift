import Foundation
import PumpkiiChain
import PumpkiiClient
import PumpkiiWire
import Testing

@Suite(.timeLimit(.minutes(10))) struct AccountPolicyTests {
  static let terms = AcceptedText(kind: .terms, version: 1, sha256: String(repeating: "ab", count: 32))
  static let risk = AcceptedText(kind: .risk, version: 1, sha256: String(repeating: "cd", count: 32))

  @Test func whatIsAcceptedIsKeptByItsText() async throws {
    try await World.run { world in
      let account = try await world.account("ada")
      #expect(try await account.policy().version == 0)
      let accepted = try await account.acceptTerms([Self.terms, Self.risk])
      #expect(accepted.version == 1)
      #expect(accepted.accepts(Self.terms))
      #expect(accepted.accepts(Self.risk))
      #expect(accepted.allows("terms.accepted"))
      #expect(!accepted.allows("notify.system"))
      let next = try await account.setPolicy(["notify.system": true])
      #expect(next.version == 2)
      #expect(next.accepts(Self.terms))
      #expect(next.allows("notify.system"))
      // Another start of the program, from the folder and from the relay.
      let again = try world.home("ada").open()
      #expect(try again.knownPolicy() == next)
      #expect(try await again.policy() == next)
      let withdrawn = try await again.setPolicy(["terms.accepted": false])
      #expect(withdrawn.accepted == [Self.risk])
      // The first program goes on from what the second one set.
      #expect(try await account.setPolicy(["notify.system": false]).version == 4)
      await account.close()
      await again.close()
    }
  }

  @Test func theHashesAreThoseOfTheTexts() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let seed = try Data(contentsOf: root.appendingPathComponent("seeds/000_17c9631cf052b985.txt"))
    #expect(Hashes.sha256(seed).hex == PolicyTexts.terms.sha256)
    #expect(Hashes.sha256(PolicyTexts.limits.utf8).hex == PolicyTexts.risk.sha256)
  }

  @Test func termsAreAcceptedByTheirTextAloneAndCamerasFlagsAreNotOurs() async throws {
    try await World.run { world in
      let account = try await world.account("ada")
      for changes in [["terms.accepted": true], ["risk.acknowledged": true], ["sensor.camera": true]] {
        await #expect(throws: ClientError(.usage, "")) { try await account.setPolicy(changes) }
      }
      let bad = AcceptedText(kind: .terms, version: 1, sha256: "none")
      await #expect(throws: ClientError(.usage, "")) { try await account.acceptTerms([bad]) }
      await account.close()
    }
  }

  @Test func anOlderRelayIsGivenTheNewerDocumentBackAndAForkIsAnAlarm() async throws {
    try await World.run { world in
      let account = try await world.account("ada")
      let copy = "\(world.folder)/copy"
      let first = try await account.acceptTerms([Self.terms])
      let kept = "\(world.home("ada").path)/account.policy"
      let old = try #require(FileManager.default.contents(atPath: kept))
      let second = try await account.setPolicy(["notify.system": true])
      #expect(second.version == first.version + 1)
      // A folder that is behind follows.
      try old.write(to: URL(fileURLWithPath: kept))
      #expect(try account.knownPolicy() == first)
      #expect(try await account.policy() == second)
      // The same account at a relay that knows nothing of it yet: version 2 there becomes another one.
      try FileManager.default.copyItem(atPath: world.home("ada").path, toPath: copy)
      try await World.run { other in
        let record = "\(copy)/account.json"
        let text = try String(contentsOfFile: record, encoding: .utf8)
        let moved = text.replacingOccurrences(of: await world.relay, with: await other.relay)
        try moved.write(toFile: record, atomically: true, encoding: .utf8)
        let twin = try AccountHome(path: copy).open()
        // It has nothing: what is known here is offered and stands.
        #expect(try await twin.policy() == second)
        try old.write(to: URL(fileURLWithPath: "\(copy)/account.policy"))
        #expect(try await twin.setPolicy(["notify.system": false]).version == 3)
        let third = try #require(FileManager.default.contents(atPath: "\(copy)/account.policy"))
        #expect(try await account.setPolicy(["notify.email": true]).version == 3)
        // The first relay's version 3 is not the one that this folder says it saw.
        try third.write(to: URL(fileURLWithPath: kept))
        await #expect(throws: ClientError(.rolledBack, "")) { try await account.policy() }
        await twin.close()
      }
      await account.close()
    }
  }
}
