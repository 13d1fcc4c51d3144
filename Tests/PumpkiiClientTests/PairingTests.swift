import PumpkiiClient
import PumpkiiTransport
import PumpkiiVault
import PumpkiiWire
import Testing

@Suite struct PairingTests {
  @Test(arguments: [true, false]) func byCodeOrLink(usesLink: Bool) async throws {
    try await World.run(plain: !usesLink) { world in
      let owner = try await world.account("owner")
      async let host: Void = world.camera.pair()
      let link = try await owner.pair(usesLink ? world.camera.link : world.camera.code, name: "porch")
      try await host
      #expect(link.device == world.camera.id.hex)
      #expect(link.name == "porch")
      #expect(link.isOwned)
      try await world.camera.arrive()
      let cameras = try await owner.cameras()
      #expect(cameras.map(\.name) == ["porch"])
      #expect(cameras.first?.isPaired == true)
      #expect(cameras.first?.isOwned == true)
      let same = try await owner.camera(String(link.device.prefix(6)))
      #expect(same.device == link.device)
      await #expect(throws: ClientError(.noCamera, "")) { try await owner.camera("attic") }
      await owner.close()
    }
  }

  @Test func anotherCameraThanTheLinkNamesIsRefused() async throws {
    try await World.run { world in
      let owner = try await world.account("owner")
      let other = SigningIdentity().publicKey
      await withTaskGroup(of: Void.self) { group in
        group.addTask { try? await world.camera.pair(key: other) }
        await #expect(throws: ClientError(.pairing, "")) { try await owner.pair(world.camera.link) }
        group.cancelAll()
      }
      let cameras = try await owner.cameras()
      #expect(cameras.isEmpty)
      await owner.close()
    }
  }

  /// Whoever sits in the mailbox, the relay for example, without having seen the code.
  @Test func aCameraThatDoesNotKnowTheCodeIsRefused() async throws {
    try await World.run { world in
      let owner = try await world.account("owner")
      await withTaskGroup(of: Void.self) { group in
        group.addTask { try? await world.camera.pair(provesItself: false) }
        await #expect(throws: ClientError(.pairing, "")) { try await owner.pair(world.camera.code) }
        group.cancelAll()
      }
      await owner.close()
    }
  }

  @Test func whatIsNoCode() async throws {
    try await World.run { world in
      let owner = try await world.account("owner")
      let bad = ClientError(ClientError.Code(rawValue: "vault-bad-code"), "")
      await #expect(throws: bad) { try await owner.pair("1234") }
      await #expect(throws: bad) { try await owner.pair("pumpkii:pair?x=1") }
      let error = await #expect(throws: bad) { try await owner.pair("AAAA-BBBB") }
      #expect(error?.message == "this is no pairing code, or it is mistyped")
      #expect(error?.advice?.contains("pumpkii agent pair") == true)
      await #expect(throws: ClientError(.timeout, "")) {
        try await owner.pair(PairingSecret().code, timeout: .seconds(1))
      }
      await owner.close()
    }
  }
}
