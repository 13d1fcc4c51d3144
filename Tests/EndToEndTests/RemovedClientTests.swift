import Foundation
import PumpkiiChain
import PumpkiiClient
import PumpkiiSystem
import PumpkiiTransport
import PumpkiiVault
import PumpkiiWire
import Testing

extension EndToEnd {
  /// What was taken away while the camera was off is known to it before its first key message.
  @Suite struct RemovedClientTests {
    @Test(.timeLimit(.minutes(10))) func aClientThatWasRemovedMeanwhileGetsNoKeyOfTheNextStart() async throws {
      try await Stage.with { stage in
        let second = SigningIdentity()
        var program = try await Program(stage)
        try await program.change(.add(AccountEntry.Client(key: second.publicKey, kind: .program)))
        try await program.announce(second)
        let client = ClientID(of: second.publicKey).hex
        while try await !stage.camera.keyHolders().contains(where: { $0.client == client }) {
          try await Task.sleep(for: .milliseconds(20))
        }
        await stage.agent.stop()
        let before = try #require(try await program.newestEpoch())
        try await program.change(.remove(ClientID(of: second.publicKey)))
        try stage.agent.start()
        try await stage.agent.log.wait(for: "connected to the relay", times: 2)
        let after = try #require(try await program.newestEpoch())
        #expect(after > before)
        for epoch in (before + 1)...after {
          let holders = try await program.holders(of: epoch)
          #expect(!holders.isEmpty && !holders.contains(client), "epoch \(epoch)")
        }
        await program.connection.shutdown()
      }
    }

    /// The owner's account without the client's code, as another program of it would act.
    private struct Program {
      let connection: RelayConnection
      let identity: SigningIdentity
      let device: String
      let path: String
      var chain: AccountChain

      init(_ stage: Stage) async throws {
        connection = try stage.connection(of: stage.owner)
        identity = try #require(try SigningIdentity.load(stage.path("owner/identity.key")))
        device = stage.camera.device
        path = "/v1/accounts/\(stage.owner.id)"
        chain = try AccountChain(entries: EntryList.decode(try await connection.get("\(path)/chain")))
      }

      mutating func change(_ change: AccountEntry.Change) async throws {
        let body = AccountEntry(
          version: chain.version + 1, previous: chain.head, time: Clocks.unixMicroseconds(), change: change)
        let signer = SignedAccountEntry.Signer(
          key: identity.publicKey, signature: identity.sign(.account, body.encoded))
        try chain.append(SignedAccountEntry(body: body, signers: [signer]).bytes)
        try await connection.send(.post, "\(path)/chain", body: EntryList.encode(chain.entries))
      }

      func announce(_ client: SigningIdentity) async throws {
        let sealing = SealingKeyPair(suite: .x25519)
        let announcement = client.sign(
          SealingKeyAnnouncement(
            account: chain.id, client: ClientID(of: client.publicKey), counter: 1, time: Clocks.unixMicroseconds(),
            suite: .x25519, publicKey: sealing.publicKey), .sealingKey)
        try await connection.send(.post, "\(path)/sealing-keys", body: EntryList.encode([announcement.bytes]))
      }

      func newestEpoch() async throws -> UInt32? {
        try head(try await connection.get("/v1/cameras/\(device)/keys/newest", limit: 2 << 20))
      }

      private func head(_ bytes: [UInt8]) throws -> UInt32? {
        var parser = WireItemParser()
        parser.append(bytes)
        guard case .control(.keyHead, let head)? = try parser.next() else { return nil }
        return try Signed<KeyHead>(decoding: head).body.epoch
      }

      /// The clients that a key message names.
      func holders(of epoch: UInt32) async throws -> Set<String> {
        var parser = WireItemParser()
        parser.append(try await connection.get("/v1/cameras/\(device)/keys/\(epoch)", limit: 2 << 20))
        var clients: Set<String> = []
        while let item = try parser.next() {
          guard case .control(.keyEntry, let entry) = item else { continue }
          clients.insert(try KeyEntry(decoding: entry).client.hex)
        }
        return clients
      }
    }
  }
}
