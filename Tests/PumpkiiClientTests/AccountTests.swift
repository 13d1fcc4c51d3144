import Foundation
import PumpkiiClient
import PumpkiiRelay
import PumpkiiTransport
import PumpkiiVault
import PumpkiiWire
import Testing

@Suite struct AccountTests {
  @Test(arguments: [true, false]) func createAnnounceAndOpen(plain: Bool) async throws {
    try await World.run(plain: plain) { world in
      let made = try await world.home("ada").create(relay: await world.relay, pin: world.server.pin)
      #expect(made.announcementProblem == nil)
      #expect(made.account.id.count == 64)
      let again = try world.home("ada").open()
      #expect(again.id == made.account.id)
      #expect(again.clientID == made.account.clientID)
      let cameras = try await again.cameras()
      #expect(cameras.isEmpty)
      await made.account.close()
      await again.close()
      await #expect(throws: ClientError(.accountExists, "")) {
        try await world.home("ada").create(relay: await world.relay, pin: world.server.pin)
      }
    }
  }

  @Test func theFolderIsPrivateAndHoldsNoPaperKey() async throws {
    try await World.run { world in
      let made = try await world.home("ada").create(relay: await world.relay)
      await made.account.close()
      let folder = world.home("ada").path
      let files = FileManager.default
      #expect(try files.attributesOfItem(atPath: folder)[.posixPermissions] as? Int == 0o700)
      let seed = try RecoverySeed(text: made.recovery.text)
      for name in try #require(files.subpaths(atPath: folder)) {
        let attributes = try files.attributesOfItem(atPath: "\(folder)/\(name)")
        if attributes[.type] as? FileAttributeType == .typeDirectory { continue }
        #expect(attributes[.posixPermissions] as? Int == 0o600, "\(name)")
        let bytes = try #require(files.contents(atPath: "\(folder)/\(name)"))
        for secret in [made.recovery.text, made.recovery.text.filter { $0 != "-" }] {
          #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(name)")
        }
        let sealing = seed.sealing.serialized
        #expect(bytes.range(of: Data(sealing.dropFirst())) == nil, "\(name)")
      }
    }
  }

  @Test func anAccountStandsWithoutItsRelay() async throws {
    let folder = NSTemporaryDirectory() + "pumpkii-client-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let made = try await AccountHome(path: folder).create(relay: "http://127.0.0.1:1")
    #expect(made.announcementProblem?.isTransient == true)
    #expect(AccountHome(path: folder).hasAccount)
    await made.account.close()
  }

  @Test func aRelayThatIsNotTheOneLeavesNothingBehind() async throws {
    try await World.run(plain: false) { world in
      let (home, origin, pin) = (world.home("ada"), await world.relay, world.server.pin)
      let certificate = ClientError(ClientError.Code(rawValue: "relay-certificate"), "")
      // Without the pin, with another one, and without TLS.
      let unpinned = await #expect(throws: certificate) { try await home.create(relay: origin) }
      #expect(unpinned?.advice?.contains("--pin") == true)
      let mismatch = ClientError(ClientError.Code(rawValue: "relay-pin-mismatch"), "")
      await #expect(throws: mismatch) {
        try await home.create(relay: origin, pin: String(repeating: "ab", count: 32))
      }
      let closed = ClientError(ClientError.Code(rawValue: "relay-closed"), "")
      let plain = await #expect(throws: closed) {
        try await home.create(relay: origin.replacingOccurrences(of: "https", with: "http"))
      }
      #expect(plain?.advice?.contains("https://") == true)
      for error in [unpinned, plain] {
        #expect(["NIO", "BoringSSL", "HTTPClient"].allSatisfy { error?.message.contains($0) == false })
      }
      #expect(!home.hasAccount && !FileManager.default.fileExists(atPath: home.path))
      let made = try await home.create(relay: origin, pin: pin)
      #expect(made.announcementProblem == nil && !home.awaitsRelay)
      await made.account.close()
    }
  }

  @Test func anAccountThatNeverReachedItsRelayTakesAnother() async throws {
    try await World.run(plain: false) { world in
      let home = world.home("ada")
      let made = try await home.create(relay: "https://127.0.0.1:1")
      #expect(made.announcementProblem?.isTransient == true && home.awaitsRelay)
      await made.account.close()
      let certificate = ClientError(ClientError.Code(rawValue: "relay-certificate"), "")
      await #expect(throws: certificate) { try await home.readdress(relay: await world.relay) }
      let again = try await home.readdress(relay: await world.relay, pin: world.server.pin)
      #expect(again.problem == nil && again.account.id == made.account.id && again.account.pin == world.server.pin)
      #expect(try await again.account.cameras().isEmpty)
      await again.account.close()
      // From now on it is settled.
      #expect(!home.awaitsRelay)
      await #expect(throws: ClientError(.accountExists, "")) { try await home.readdress(relay: "https://127.0.0.1:1") }
    }
  }

  /// Whoever may not read a file, root too: there is no file to be read.
  @Test func aFolderThatCannotBeReadSaysWhatToDo() throws {
    let home = AccountHome(path: NSTemporaryDirectory() + "pumpkii-client-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(atPath: home.path) }
    try FileManager.default.createDirectory(atPath: "\(home.path)/account.json", withIntermediateDirectories: true)
    let error = #expect(throws: ClientError(.home, "")) { try home.open() }
    #expect(error?.advice != nil)
  }

  @Test func nothingInABadPlace() async throws {
    let home = AccountHome(path: "/nonexistent/pumpkii")
    #expect(throws: ClientError(.noAccount, "")) { try home.open() }
    await #expect(throws: ClientError(ClientError.Code(rawValue: "relay-not-loopback"), "")) {
      try await home.create(relay: "http://relay.example")
    }
  }

  /// A relay that forgot the account, or never met it, is told with the first use.
  @Test func aRelayThatDoesNotKnowTheAccountIsTold() async throws {
    try await World.run { world in
      let made = try await world.home("ada").create(relay: "http://127.0.0.1:1")
      await made.account.close()
      let path = "\(world.home("ada").path)/account.json"
      let text = try String(contentsOfFile: path, encoding: .utf8)
      try text.replacingOccurrences(of: "http://127.0.0.1:1", with: await world.relay)
        .write(toFile: path, atomically: true, encoding: .utf8)
      let account = try world.home("ada").open()
      let cameras = try await account.cameras()
      #expect(cameras.isEmpty)
      await account.close()
    }
  }

  /// What is sealed at rest opens with its key file only.
  @Test func anAlteredSecretIsNoticed() async throws {
    try await World.run { world in
      let account = try await world.account("ada")
      await account.close()
      let path = "\(world.home("ada").path)/sealing-keys.sealed"
      var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
      bytes[bytes.count / 2] ^= 1
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      #expect(throws: ClientError(.home, "")) { try world.home("ada").open() }
    }
  }

  /// A relay that shows another past of a camera than the one this account has seen is caught; an older copy of the
  /// same past is not believed and no alarm.
  @Test func aRelayCannotRollARosterBack() async throws {
    try await World.run { world in
      try await world.paired { owner, porch in
        let path = "\(world.home("owner").path)/cameras/\(porch.device)/roster"
        let guest = try await world.account("guest")
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        _ = try await porch.share(with: guest.id, classes: [.video])
        let longer = try EntryList.decode([UInt8](try Data(contentsOf: URL(fileURLWithPath: path))))
        #expect(longer.count == 2)
        // Seen by this account: the same and one more, which the relay does not have.
        try Data(EntryList.encode(longer + [longer[1]])).write(to: URL(fileURLWithPath: path))
        await #expect(throws: ClientError.self) { try await porch.shares() }
        try Data(EntryList.encode([longer[0], longer[0]])).write(to: URL(fileURLWithPath: path))
        await #expect(throws: ClientError(.rolledBack, "")) { try await porch.shares() }
        try before.write(to: URL(fileURLWithPath: path))
        let shares = try await porch.shares()
        #expect(shares.count == 1)
        await guest.close()
      }
    }
  }
}
