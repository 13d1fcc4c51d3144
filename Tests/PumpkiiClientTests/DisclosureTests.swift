import Foundation
import PumpkiiClient
import PumpkiiWire
import Testing

@Suite(.timeLimit(.minutes(10))) struct DisclosureTests {
  @Test func withoutTheFlagNothingIsConsentedTo() async throws {
    try await World.run { world in
      let account = try await world.account("ada")
      await #expect(throws: ClientError(.refused, "")) {
        try await account.consentToDisclosure(to: "shop", purpose: .support, fields: [.name], for: .seconds(60))
      }
      #expect(try account.disclosures().isEmpty)
      await account.close()
    }
  }

  @Test func aConsentIsForWhatItNamesAndEnds() async throws {
    try await World.run { world in
      let account = try await world.account("ada")
      _ = try await account.setPolicy(["disclose.consent": true])
      let made = try await account.consentToDisclosure(
        to: "shop", purpose: .support, fields: [.telephone, .name], for: .seconds(60))
      #expect(try account.disclosures() == [made])
      #expect(made.allows(.name, to: "shop", at: made.from))
      #expect(!made.allows(.email, to: "shop", at: made.from))
      #expect(!made.allows(.name, to: "other", at: made.from))
      #expect(!made.allows(.name, to: "shop", at: made.until))
      // Taking back needs no flag.
      _ = try await account.setPolicy(["disclose.consent": false])
      try account.withdrawDisclosure(1)
      let after = try account.disclosures()
      #expect(after.map(\.isWithdrawn) == [true])
      #expect(after.first?.allows(.name, to: "shop", at: made.from) == false)
      #expect(throws: ClientError(.usage, "")) { try account.withdrawDisclosure(2) }
      await account.close()
    }
  }

  @Test func aConsentThatWasAlteredIsFound() async throws {
    try await World.run { world in
      let account = try await world.account("ada")
      _ = try await account.setPolicy(["disclose.consent": true])
      _ = try await account.consentToDisclosure(to: "shop", purpose: .support, fields: [.name], for: .seconds(60))
      let path = "\(world.home("ada").path)/disclosures"
      var bytes = [UInt8](try #require(FileManager.default.contents(atPath: path)))
      let place = try #require(Data(bytes).range(of: Data("shop".utf8))?.lowerBound)
      bytes[place] ^= 1
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      #expect(throws: ClientError(.init(rawValue: "chain-bad-signature"), "")) { try account.disclosures() }
      await account.close()
    }
  }
}

@Suite(.timeLimit(.minutes(10))) struct ClientDiagnosticsTests {
  @Test func whatWasSentIsTakenBackWithTheConsent() async throws {
    try await World.run { world in
      let account = try await world.account("ada")
      account.note(.watch)
      account.note(ClientError(.timeout, ""))
      #expect(try account.diagnosticsPreview().report == nil)
      #expect(try await account.sendDiagnostics() == nil)
      // Its flag alone is not enough: nothing leaves before terms and risk.
      _ = try await account.setPolicy(["diagnostics.errors": true])
      #expect(try await account.sendDiagnostics() == nil)
      _ = try await account.acceptTerms([PolicyTexts.terms, PolicyTexts.risk])
      let expected = #"{"errors":{"client-timeout":1}}"#
      #expect(try account.diagnosticsPreview().report == expected)
      #expect(try await account.sendDiagnostics() == expected)
      #expect(try await held(account) == 1)
      #expect(try account.diagnosticsPreview().sent == ["errors"])
      _ = try await account.setPolicy(["diagnostics.errors": false])
      #expect(try await held(account) == 0)
      #expect(try account.diagnosticsPreview().sent.isEmpty)
      await account.close()
    }
  }

  /// What leaves is owed back, and so it is written down first: a folder that cannot be written sends nothing.
  @Test func whatCannotBeNotedIsNotSent() async throws {
    try await World.run { world in
      let account = try await world.account("ada")
      account.note(ClientError(.timeout, ""))
      _ = try await account.acceptTerms([PolicyTexts.terms, PolicyTexts.risk])
      _ = try await account.setPolicy(["diagnostics.errors": true])
      let path = "\(world.home("ada").path)/diagnostics.json"
      try? FileManager.default.removeItem(atPath: path)
      try FileManager.default.createDirectory(atPath: "\(path)/x", withIntermediateDirectories: true)
      await #expect(throws: ClientError(.home, "")) { try await account.sendDiagnostics() }
      #expect(try await held(account) == 0)
      #expect(try account.diagnosticsPreview().sent == ["errors"])
      await account.close()
    }
  }

  private func held(_ account: Account) async throws -> Int {
    let reports = try await account.heldDiagnostics()
    return reports.count
  }
}
