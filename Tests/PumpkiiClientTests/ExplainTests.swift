import PumpkiiClient
import PumpkiiPolicy
import PumpkiiWire
import Testing

/// What an owner is told from afar: what was signed, and nothing that is not known here.
@Suite(.timeLimit(.minutes(10))) struct ExplainTests {
  private static func ask(
    _ porch: CameraLink, _ subject: String, for account: String? = nil, at time: UInt64? = nil
  ) async throws -> [ExplainedDecision] {
    try await porch.explain(subject, for: account, at: time, zones: { _ in nil })
  }

  @Test func termsAndOwnFlagsAreThoseOfTheAccount() async throws {
    try await World.run { world in
      try await world.paired { owner, porch in
        _ = try await porch.setPermissions(["sensor.camera": true, "share.video": true])
        let before = try await Self.ask(porch, "share.video")
        #expect(before.allSatisfy { !$0.allowed && $0.layer == "terms" })
        #expect(try await Self.ask(porch, "notify.system").allSatisfy { !$0.allowed && $0.layer == "owner" })
        _ = try await owner.acceptTerms([PolicyTexts.terms, PolicyTexts.risk])
        _ = try await owner.setPolicy(["notify.system": true])
        let sealing = try await Self.ask(porch, "share.video").first { $0.point == "E3" }
        #expect(sealing?.allowed == true)
        #expect(try await Self.ask(porch, "notify.system").allSatisfy(\.allowed))
      }
    }
  }

  @Test func itSpeaksForTheDocumentsAndNotForTheBoard() async throws {
    try await World.run { world in
      try await world.paired { _, porch in
        _ = try await porch.setPermissions(["sensor.camera": true])
        let said = try await Self.ask(porch, "sensor.camera")
        #expect(!said.isEmpty && said.allSatisfy { $0.allowed && $0.cameraSays == nil })
        #expect(said.allSatisfy { $0.reason.contains("as far as the signed documents say") })
        #expect(said.allSatisfy { !$0.reason.contains("every other layer") && $0.reason.contains("--board") })
        _ = try await porch.pause()
        #expect(try await Self.ask(porch, "sensor.camera").allSatisfy { !$0.allowed && $0.layer == "owner" })
      }
    }
  }

  @Test func aCameraThatSaysOffAgainstTheDocumentsIsQuoted() async throws {
    try await World.run { world in
      try await world.paired { owner, porch in
        _ = try await owner.acceptTerms([PolicyTexts.terms, PolicyTexts.risk])
        _ = try await porch.setPermissions(["sensor.camera": true, "sensor.microphone": true, "share.video": true])
        try await world.camera.tell(.offByPolicy, .offByPolicy)
        let picture = try await Self.ask(porch, "sensor.camera")
        #expect(picture.allSatisfy { $0.allowed && $0.cameraSays == "off-by-policy" })
        #expect(picture.allSatisfy { $0.reason.contains("the camera itself says off by policy") })
        // Nobody may have the sound: that it is off is what the documents say.
        #expect(try await Self.ask(porch, "sensor.microphone").allSatisfy { $0.cameraSays == nil })
        // Another instant is none that the camera spoke of.
        let later = try await Self.ask(porch, "sensor.camera", at: 4_000_000_000_000_000)
        #expect(later.allSatisfy { $0.cameraSays == nil })
        try await world.camera.tell(.idle, .offByPolicy)
        #expect(try await Self.ask(porch, "sensor.camera").allSatisfy { $0.cameraSays == nil })
      }
    }
  }

  @Test func aGuestsShareIsThatOfTheInstant() async throws {
    try await World.run { world in
      try await world.paired { owner, porch in
        let guest = try await world.account("guest")
        _ = try await owner.acceptTerms([PolicyTexts.terms, PolicyTexts.risk])
        _ = try await porch.setPermissions(["sensor.camera": true, "share.video": true])
        let end: UInt64 = 4_000_000_000_000_000
        _ = try await porch.share(with: guest.id, classes: [.video], until: end)
        let key = { (time: UInt64?) async throws in
          try await Self.ask(porch, "share.video", for: guest.id, at: time).first { $0.point == "E4" }
        }
        let now = try await key(nil)
        #expect(now?.allowed == true && now?.changesAt == end)
        let after = try await key(end)
        #expect(after?.allowed == false && after?.reason.contains("has ended") == true)
        await #expect(throws: ClientError(.usage, "")) { try await Self.ask(porch, "E4", for: "1234") }
        await #expect(throws: ClientError(.usage, "")) { try await Self.ask(porch, "sensor.nose") }
        await guest.close()
      }
    }
  }
}
