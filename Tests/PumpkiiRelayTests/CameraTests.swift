import PumpkiiChain
import PumpkiiRelay
import PumpkiiSystem
import PumpkiiWire
import Testing

@Suite(.timeLimit(.minutes(10))) struct CameraTests {
  @Test func theFirstRosterClaimsAndLaterOnesExtend() async throws {
    try await withRelay { peer in
      var world = try await TestWorld(peer)
      let again = try await world.devicePeer.put(world.device)
      #expect(again.json["version"] as? Int == 2)
      #expect(again.json["hash"] as? String == world.device.roster.hash.hex)
      let old = world.device
      let change = try world.device.grant(world.guest, ClassMask(.audio), by: world.owner, nonce: 2)
      try world.device.take(change, world.owner, world.guest)
      #expect(try await world.devicePeer.put(world.device).json["version"] as? Int == 3)
      #expect(try await world.devicePeer.put(old).code == "chain-rolled-back")
      for reader in [world.devicePeer, world.ownerPeer, world.guestPeer] {
        #expect(try await reader.send(.get, "\(world.path)/roster").entries == world.device.roster.entries)
      }
      let stranger = try await peer.joined(try TestAccount())
      #expect(try await stranger.send(.get, "\(world.path)/roster").code == "camera-no-rights")
    }
  }

  @Test func onlyTheDeviceItselfPutsItsRoster() async throws {
    try await withRelay { peer in
      let world = try await TestWorld(peer)
      #expect(try await world.ownerPeer.put(world.device).code == "not-the-device")
      let other = try await peer.authenticated(TestKey())
      #expect(try await other.put(world.device).code == "not-the-device")
    }
  }

  @Test func aRosterWhoseAccountsAreUnknownIsRefused() async throws {
    try await withRelay { peer in
      let (owner, guest) = (try TestAccount(), try TestAccount())
      var device = try TestDevice(owner: owner)
      try device.take(device.grant(guest, ClassMask(.video), by: owner), owner, guest)
      let devicePeer = try await peer.authenticated(device.key)
      #expect(try await devicePeer.put(device).code == "chain-unknown-account")
      _ = try await peer.joined(owner)
      #expect(try await devicePeer.put(device).status == 200)
    }
  }

  @Test func camerasAreListedByRights() async throws {
    try await withRelay { peer in
      let world = try await TestWorld(peer)
      let mine = try #require(try await world.ownerPeer.send(.get, "/v1/cameras").json["cameras"] as? [[String: Any]])
      #expect(mine.first?["owner"] as? Bool == true)
      #expect(mine.first?["classes"] as? [String] == ["video", "audio", "photo", "event"])
      #expect(mine.first?["online"] as? Bool == false)
      let shared = try #require(try await world.guestPeer.send(.get, "/v1/cameras").json["cameras"] as? [[String: Any]])
      #expect(shared.first?["owner"] as? Bool == false)
      #expect(shared.first?["classes"] as? [String] == ["video", "photo"])
      let stranger = try await peer.joined(try TestAccount())
      #expect((try await stranger.send(.get, "/v1/cameras").json["cameras"] as? [Any])?.isEmpty == true)
    }
  }

  @Test func anOperationWaitsUntilTheDeviceTakesIt() async throws {
    try await withRelay { peer in
      var world = try await TestWorld(peer)
      let operation = try world.device.operation(.narrow(flag: "share.audio"), by: world.owner)
      let events = try await TestStream(world.devicePeer, "/v1/events")
      #expect(try await events.event() == "ready {}")
      #expect(try await events.event() == #"wanted {"classes":[]}"#)
      let answer = try await world.ownerPeer.send(.post, "\(world.path)/operations", operation)
      #expect(answer.status == 202)
      let hash = Hashes.sha256(operation).hex
      #expect(answer.json["hash"] as? String == hash)
      #expect(try await events.event() == #"operation {"hash":"\#(hash)"}"#)
      #expect(try await world.ownerPeer.send(.post, "\(world.path)/operations", operation).status == 202)
      #expect(try await world.devicePeer.send(.get, "\(world.path)/operations").entries == [operation])
      try world.device.take(operation, world.owner)
      try await world.devicePeer.put(world.device)
      #expect(try await world.devicePeer.send(.get, "\(world.path)/operations").entries.isEmpty)
      // A retry of what was taken is done already.
      #expect(try await world.ownerPeer.send(.post, "\(world.path)/operations", operation).status == 202)
      #expect(try await world.devicePeer.send(.get, "\(world.path)/operations").entries.isEmpty)
    }
  }

  @Test func aRefusedOrDeletedOperationWaitsNoMore() async throws {
    try await withRelay { peer in
      let world = try await TestWorld(peer)
      let operations = try (1...2 as ClosedRange<UInt8>).map {
        try world.device.operation(.narrow(flag: "share.audio"), by: world.owner, nonce: $0)
      }
      for operation in operations { try await world.ownerPeer.send(.post, "\(world.path)/operations", operation) }
      let refusal = KeyHead.Refusal(operation: Hashes.sha256(operations[0]), reason: .notAllowed)
      let keys = try world.device.keys(epoch: 1, to: [world.owner], refusals: [refusal])
      #expect(try await world.putKeys(keys, epoch: 1).status == 200)
      #expect(try await world.devicePeer.send(.get, "\(world.path)/operations").entries == [operations[1]])
      let path = "\(world.path)/operations/\(Hashes.sha256(operations[1]).hex)"
      #expect(try await world.devicePeer.send(.delete, path).status == 204)
      #expect(try await world.devicePeer.send(.delete, path).status == 204)
      #expect(try await world.devicePeer.send(.get, "\(world.path)/operations").entries.isEmpty)
    }
  }

  @Test func whoMayAskWhat() async throws {
    try await withRelay { peer in
      let world = try await TestWorld(peer)
      let path = "\(world.path)/operations"
      let foreign = try world.device.grant(world.guest, .all, by: world.guest)
      #expect(try await world.guestPeer.send(.post, path, foreign).code == "operation-not-allowed")
      let borrowed = try world.device.operation(.narrow(flag: "share.audio"), by: world.owner)
      #expect(try await world.guestPeer.send(.post, path, borrowed).code == "operation-wrong-signer")
      let target = try #require(world.device.roster.grants.keys.first)
      let own = try world.device.operation(.revoke(target), by: world.guest)
      #expect(try await world.guestPeer.send(.post, path, own).status == 202)
      #expect(try await world.guestPeer.send(.get, path).code == "not-the-device")
      #expect(try await world.guestPeer.send(.get, "\(world.path)/live").code == "camera-no-rights")
      var bent = try world.device.operation(.narrow(flag: "share.audio"), by: world.owner, nonce: 7)
      bent[bent.count - 1] ^= 1
      #expect(try await world.ownerPeer.send(.post, path, bent).status == 400)
    }
  }

  @Test func theQueueOfOperationsIsBounded() async throws {
    try await withRelay(limits { $0.operationsPerCamera = 2 }) { peer in
      let world = try await TestWorld(peer)
      var answers: [Int] = []
      for nonce in 1...3 as ClosedRange<UInt8> {
        let operation = try world.device.operation(.narrow(flag: "a"), by: world.owner, nonce: nonce)
        answers.append(try await world.ownerPeer.send(.post, "\(world.path)/operations", operation).status)
      }
      #expect(answers == [202, 202, 409])
    }
  }

  @Test func policiesRiseAndBelongToOwners() async throws {
    try await withRelay { peer in
      let world = try await TestWorld(peer)
      let path = "\(world.path)/policy"
      #expect(try await world.ownerPeer.send(.get, path).code == "policy-none")
      func policy(_ version: UInt64, _ account: TestAccount) throws -> [UInt8] {
        let document = PolicyDocument(
          device: world.device.id, version: version, time: 1, account: account.id, client: account.client,
          settings: [.init(flag: "sensor.camera", allow: version.isMultiple(of: 2))])
        return try account.key.sign(.policy, document).bytes
      }
      let two = try policy(2, world.owner)
      #expect(try await world.ownerPeer.send(.put, path, two).json["version"] as? Int == 2)
      #expect(try await world.ownerPeer.send(.put, path, two).status == 200)
      #expect(try await world.ownerPeer.send(.put, path, policy(1, world.owner)).code == "policy-older")
      #expect(try await world.guestPeer.send(.put, path, policy(3, world.guest)).code == "camera-no-rights")
      #expect(try await world.devicePeer.send(.get, path).body == two)
      #expect(try await world.ownerPeer.send(.get, path).body == two)
      #expect(try await world.guestPeer.send(.get, path).code == "camera-no-rights")
    }
  }

  @Test func keyMessagesAreStoredOnceAndGivenByRights() async throws {
    try await withRelay { peer in
      let world = try await TestWorld(peer)
      let keys = try world.device.keys(epoch: 3, to: [world.owner, world.guest])
      #expect(try await world.putKeys(keys, epoch: 3).json["epoch"] as? Int == 3)
      #expect(try await world.putKeys(keys, epoch: 3).status == 200)
      let other = try world.device.keys(epoch: 3, to: [world.owner, world.guest], mark: 5)
      #expect(try await world.putKeys(other, epoch: 3).code == "keys-fork")
      let earlier = try world.device.keys(epoch: 2, to: [world.owner])
      #expect(try await world.putKeys(earlier, epoch: 2).status == 200)
      for reader in [world.ownerPeer, world.devicePeer] {
        #expect(try await reader.send(.get, "\(world.path)/keys/newest").body == keys.items)
      }
      let own = try await world.guestPeer.send(.get, "\(world.path)/keys/3").items
      #expect(own == [.control(.keyHead, keys.head), .control(.keyEntry, keys.entries[1])])
      #expect(try await world.ownerPeer.send(.get, "\(world.path)/keys/2").body == earlier.items)
      #expect(try await world.ownerPeer.send(.get, "\(world.path)/keys/9").code == "keys-none")
      let stranger = try await peer.joined(try TestAccount())
      #expect(try await stranger.send(.get, "\(world.path)/keys/newest").code == "camera-no-rights")
    }
  }

  @Test func keyMessagesThatDoNotHoldTogetherAreRefused() async throws {
    try await withRelay { peer in
      let world = try await TestWorld(peer)
      let keys = try world.device.keys(epoch: 1, to: [world.owner, world.guest])
      func put(_ head: [UInt8], _ entries: [[UInt8]], epoch: UInt32 = 1) async throws -> String? {
        try await world.putKeys(TestKeys(head: head, entries: entries), epoch: epoch).code
      }
      #expect(try await put(keys.head, keys.entries.reversed()) == "keys-entries")
      #expect(try await put(keys.head, [keys.entries[0]]) == "keys-items")
      #expect(try await put(keys.head, keys.entries + [keys.entries[0]]) == "keys-items")
      #expect(try await put(keys.head, keys.entries, epoch: 2) == "keys-epoch")
      var bent = keys.head
      bent[bent.count - 1] ^= 1
      #expect(try await put(bent, keys.entries) == "chain-bad-signature")
      let foreign = try TestDevice(owner: world.owner).keys(epoch: 1, to: [world.owner])
      #expect(try await put(foreign.head, foreign.entries) == "chain-wrong-device")
    }
  }

  @Test func aCommandGoesToAListeningDeviceAndIsLimited() async throws {
    var limits = RelayConfiguration.Limits()
    // Nothing comes back while the test runs, however slow the machine is.
    limits.commands = .init(burst: 1, perSecond: 0.001)
    try await withRelay(limits) { peer in
      let world = try await TestWorld(peer)
      func command(_ counter: UInt64, _ kind: Command.Kind, _ account: TestAccount) throws -> [UInt8] {
        let body = Command(
          device: world.device.id, client: account.client, counter: counter,
          notAfter: Clocks.unixMicroseconds() + 20_000_000,
          kind: kind)
        return try account.key.sign(.command, body).bytes
      }
      let path = "\(world.path)/commands"
      #expect(try await world.guestPeer.send(.post, path, command(1, .rotate, world.guest)).code == "camera-no-rights")
      #expect(try await world.ownerPeer.send(.post, path, command(1, .photo, world.owner)).code == "camera-offline")
      let second = try await peer.joined(try TestAccount())
      #expect(try await second.send(.post, path, command(1, .photo, world.owner)).code == "camera-no-rights")
      let limited = try await world.ownerPeer.send(.post, path, command(2, .photo, world.owner))
      #expect(limited.status == 429)
      #expect(limited.header("Retry-After").flatMap(Int.init) ?? 0 > 0)
    }
  }

  @Test func aPhotoOfAGuestReachesTheDevice() async throws {
    try await withRelay { peer in
      let world = try await TestWorld(peer)
      let events = try await TestStream(world.devicePeer, "/v1/events")
      #expect(try await events.event() == "ready {}")
      _ = try await events.event()
      let body = Command(
        device: world.device.id, client: world.guest.client, counter: 1,
        notAfter: Clocks.unixMicroseconds() + 20_000_000, kind: .photo)
      let bytes = try world.guest.key.sign(.command, body).bytes
      #expect(try await world.guestPeer.send(.post, "\(world.path)/commands", bytes).status == 202)
      #expect(try await events.event() == #"command {"bytes":"\#(Base64URL.encode(bytes))"}"#)
    }
  }
}
