import Foundation
import PumpkiiClient
import PumpkiiWire
import Testing

/// What an account believes of a relay or of a camera that it never met: no more than was proven.
@Suite struct MistrustTests {
  /// What the owner's folder remembers of the camera.
  private static func record(_ world: World, _ change: ((inout [String: Any]) -> Void)? = nil) throws -> [String: Any] {
    let path = "\(world.home("owner").path)/cameras/\(world.camera.id.hex)/camera.json"
    let data = try Data(contentsOf: URL(filePath: path))
    var fields = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    guard let change else { return fields }
    change(&fields)
    try JSONSerialization.data(withJSONObject: fields).write(to: URL(filePath: path))
    return fields
  }

  @Test func anOlderKeyMessageThanOneThatWasSeenIsNoAnswer() async throws {
    try await World.run { world in
      try await world.paired { _, porch in
        _ = try await porch.keyHolders()
        #expect(try Self.record(world)["epoch"] as? Int == 1)
        #expect(try Self.record(world)["epochRoster"] as? Int == 1)
        _ = try Self.record(world) { $0["epoch"] = 2 }
        await #expect(throws: ClientError(.rolledBack, "")) { try await porch.keyHolders() }
        _ = try Self.record(world) { $0["epoch"] = 1 }
        _ = try await porch.keyHolders()
        _ = try Self.record(world) { $0["epochRoster"] = 2 }
        await #expect(throws: ClientError(.rolledBack, "")) { try await porch.keyHolders() }
      }
    }
  }

  /// From a confirmed revocation on, the epochs before it are no longer live, also for who never watched.
  @Test func aConfirmedRevocationIsRemembered() async throws {
    try await World.run { world in
      try await world.paired { _, porch in
        let guest = try await world.account("guest")
        _ = try await porch.share(with: guest.id, classes: [.video])
        guard case .confirmed(let epoch, let version) = try await porch.revoke(guest.id) else {
          Issue.record("the camera answered")
          return
        }
        let record = try Self.record(world)
        #expect(record["epoch"] as? Int == Int(epoch) && epoch > 1)
        #expect(record["epochRoster"] as? Int == Int(version))
        await guest.close()
      }
    }
  }

  /// Any camera can name anybody as its owner.
  @Test func aCameraThatWasNeverPairedIsNotOwned() async throws {
    try await World.run { world in
      let ada = try await world.account("ada")
      try await world.camera.claim(ada.id)
      let seen = try await ada.cameras()
      #expect(seen.map(\.device) == [world.camera.id.hex])
      #expect(seen.allSatisfy { !$0.isOwned && !$0.isPaired })
      await #expect(throws: ClientError(.noCamera, "")) { try await ada.camera() }
      #expect(try FileManager.default.contentsOfDirectory(atPath: "\(world.home("ada").path)/cameras").isEmpty)
      await ada.close()
    }
  }

  @Test func permissionsWithoutANextVersionAreRefused() async throws {
    try await World.run { world in
      try await world.paired { _, porch in
        _ = try Self.record(world) { $0["policyVersion"] = UInt64.max }
        await #expect(throws: ClientError(.refused, "")) { try await porch.setPermissions(["sensor.camera": true]) }
      }
    }
  }
}
