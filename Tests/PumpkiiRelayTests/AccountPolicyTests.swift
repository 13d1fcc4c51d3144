import Foundation
import PumpkiiChain
import PumpkiiRelay
import PumpkiiWire
import Testing

extension TestAccount {
  func policy(_ version: UInt64, by key: TestKey? = nil) throws -> [UInt8] {
    let key = key ?? self.key
    let body = AccountPolicyDocument(
      account: id, client: ClientID(of: try key.publicKey), version: version, time: 1,
      settings: [.init(flag: "notify.system", allow: version.isMultiple(of: 2))], texts: [])
    return try key.sign(.policy, body).bytes
  }

  var policyPath: String { "/v1/accounts/\(id.hex)/policy" }
}

@Suite(.timeLimit(.minutes(10))) struct AccountPolicyTests {
  @Test func onlyAHigherVersionIsTaken() async throws {
    try await withRelay { peer in
      let account = try TestAccount()
      let own = try await peer.joined(account)
      #expect(try await own.send(.get, account.policyPath).code == "policy-none")
      let second = try account.policy(2)
      #expect(try await own.send(.put, account.policyPath, second).json["version"] as? Int == 2)
      #expect(try await own.send(.put, account.policyPath, second).status == 200)
      let older = try await own.send(.put, account.policyPath, account.policy(1))
      #expect(older.status == 409)
      #expect(older.code == "policy-older")
      #expect(try await own.send(.get, account.policyPath).body == second)
      let third = try account.policy(3)
      #expect(try await own.send(.put, account.policyPath, third).status == 200)
      #expect(try await own.send(.get, account.policyPath).body == third)
    }
  }

  @Test func nobodyElseSetsItAndADevicesPolicyIsNone() async throws {
    try await withRelay { peer in
      let world = try await TestWorld(peer)
      let policy = try world.owner.policy(1)
      let path = world.owner.policyPath
      #expect(try await world.guestPeer.send(.put, path, policy).code == "account-no-rights")
      #expect(try await world.devicePeer.send(.put, path, policy).code == "not-a-client")
      #expect(try await world.ownerPeer.send(.put, path, world.guest.policy(1)).code == "chain-wrong-account")
      let forged = try world.owner.policy(1, by: TestKey())
      #expect(try await world.ownerPeer.send(.put, path, forged).code == "chain-not-member")
      let devices = try world.owner.key.sign(
        .policy,
        PolicyDocument(
          device: world.device.id, version: 1, time: 1, account: world.owner.id, client: world.owner.client,
          settings: [])
      ).bytes
      #expect(try await world.ownerPeer.send(.put, path, devices).code == "chain-malformed")
      #expect(try await world.ownerPeer.send(.put, "\(world.path)/policy", policy).code == "chain-malformed")
    }
  }

  @Test func itsOwnClientsAndCamerasThatNameItRead() async throws {
    try await withRelay { peer in
      let world = try await TestWorld(peer)
      let policy = try world.guest.policy(1)
      #expect(try await world.guestPeer.send(.put, world.guest.policyPath, policy).status == 200)
      #expect(try await world.guestPeer.send(.get, world.guest.policyPath).body == policy)
      #expect(try await world.devicePeer.send(.get, world.guest.policyPath).body == policy)
      #expect(try await world.ownerPeer.send(.get, world.guest.policyPath).code == "account-no-rights")
      let other = try TestDevice(owner: world.owner)
      let otherPeer = try await peer.authenticated(other.key)
      #expect(try await otherPeer.send(.get, world.guest.policyPath).code == "camera-unknown")
      #expect(try await otherPeer.put(other).status == 200)
      #expect(try await otherPeer.send(.get, world.guest.policyPath).code == "account-no-rights")
    }
  }

  @Test func aCameraHearsOfIt() async throws {
    try await withRelay { peer in
      let world = try await TestWorld(peer)
      let events = try await TestStream(world.devicePeer, "/v1/events")
      #expect(try await events.event() == "ready {}")
      #expect(try await events.event()?.hasPrefix("wanted") == true)
      #expect(try await world.ownerPeer.send(.put, world.owner.policyPath, world.owner.policy(1)).status == 200)
      #expect(try await events.event() == #"account {"account":"\#(world.owner.id.hex)"}"#)
    }
  }
}
