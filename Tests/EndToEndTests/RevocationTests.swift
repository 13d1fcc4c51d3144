import Foundation
import PumpkiiClient
import PumpkiiWire
import Testing

extension EndToEnd {
  /// The end of a right: the guest is cut, the next epoch is not for it, and the owner sees so.
  @Suite struct RevocationTests {
    @Test(.timeLimit(.minutes(10))) func aRevokedGuestIsCutAndCannotOpenTheNextEpoch() async throws {
      try await Stage.with { stage in
        let guestFile = stage.path("guest.pumpkii")
        let ownerFile = stage.path("owner.pumpkii")
        let guest = try await stage.guestWatches(keep: guestFile)
        let owner = try stage.ownerWatches(keep: ownerFile)
        try await guest.wait(for: 5, more: .video)
        try await owner.wait(for: 5, more: .video)
        #expect(try await stage.camera.keyHolders().contains { $0.account == stage.guest.id })

        let confirmation = try await stage.camera.revoke(stage.guest.id)
        guard case .confirmed(let epoch, _) = confirmation else {
          Issue.record("the revocation is \(confirmation)")
          return
        }
        #expect(try await guest.end() == ClientError(.cut, ""))
        try await owner.wait(for: "a second of the next epoch") { record in
          record.chunks(.video).count { $0.segment >> 32 >= UInt64(epoch) } >= 20
        }
        let seen = await owner.stop()

        let holders = try await stage.camera.keyHolders()
        #expect(!holders.contains { $0.account == stage.guest.id })
        #expect(holders.contains { $0.account == stage.owner.id })
        #expect(holders.allSatisfy { $0.isInRoster })
        #expect(try await stage.camera.shares() == [])
        #expect(guest.now.opened.allSatisfy { $0.segment >> 32 < UInt64(epoch) })
        #expect(try seen.jumps(.video, except: stage.agent.lost) == [])

        let sealed = seen.opened.count { $0.segment >> 32 >= UInt64(epoch) }
        try expect(newEpoch: epoch, of: ownerFile, closedTo: stage.guest, who: guestFile, atLeast: sealed)

        let again = try await stage.guestWatches()
        #expect(try await again.end() == ClientError(.cut, ""))
        #expect(again.now.opened.isEmpty)
      }
    }

    /// Even when a relay hands the guest everything the owner got, entries included, nothing of the new epoch opens.
    private func expect(
      newEpoch epoch: UInt32, of ownerFile: String, closedTo guest: Account, who guestFile: String, atLeast sealed: Int
    ) throws {
      let before = try KeptFile(path: guestFile).verify(with: guest)
      #expect(before.isGenuine)
      let whole = try Items(path: ownerFile).all.filter { item in
        item.object.map { $0.kid.epoch >= epoch } ?? true
      }
      let file = guestFile + ".fed"
      var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: guestFile)))
      for item in whole { bytes += item.bytes }
      try Data(bytes).write(to: URL(fileURLWithPath: file))
      let fed = try KeptFile(path: file).verify(with: guest)
      #expect(fed.opened == before.opened)
      #expect(fed.refused["vault-unknown-epoch", default: 0] >= sealed)
      #expect(sealed > 0)
    }

    @Test(.timeLimit(.minutes(10))) func revokingWhileTheCameraIsAwayIsPendingAndHoldsWhenItReturns() async throws {
      try await Stage.with { stage in
        let viewer = try await stage.guestWatches()
        try await viewer.wait(for: 5, more: .video)
        await stage.agent.stop()

        #expect(try await stage.camera.revoke(stage.guest.id, waiting: .seconds(1)) == .pending)
        #expect(try await stage.camera.shares().count == 1)

        try stage.agent.start()
        #expect(try await viewer.end() == ClientError(.cut, ""))
        try await stage.agent.log.wait(for: "connected to the relay", times: 2)
        #expect(try await stage.camera.shares() == [])
        #expect(try await stage.camera.keyHolders().allSatisfy { $0.account != stage.guest.id })
      }
    }
  }
}
