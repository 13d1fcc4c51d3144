import Foundation
import PumpkiiClient
import PumpkiiVault
import PumpkiiWire
import Testing

@Suite(.timeLimit(.minutes(10))) struct SharingTests {
  @Test func shareWatchRevoke() async throws {
    try await World.run { world in
      try await world.paired { owner, porch in
        let guest = try await world.account("guest")
        let (share, answer) = try await porch.share(with: guest.id, classes: [.video])
        #expect(answer.isConfirmed)
        #expect(share.account == guest.id)
        let shares = try await porch.shares()
        #expect(shares == [share])
        let holders = try await porch.keyHolders()
        #expect(Set(holders.map(\.account)) == [owner.id, guest.id])
        #expect(holders.filter { !$0.isInRoster }.isEmpty)
        let seen = try await guest.cameras()
        #expect(seen.map(\.classes) == [[.video]])
        #expect(seen.first?.isPaired == false)
        let link = try await guest.camera()
        try await world.camera.connect()
        var events = try link.watch(classes: [.video, .audio]).makeAsyncIterator()
        try await Self.expectFrames(&events, world.camera, count: 8)
        let confirmation = try await porch.revoke(guest.id)
        #expect(confirmation.isConfirmed)
        let error = await #expect(throws: ClientError.self) { while try await events.next() != nil {} }
        #expect(error?.code == .cut)
        let left = try await porch.shares()
        #expect(left.isEmpty)
        let after = try await porch.keyHolders()
        #expect(Set(after.map(\.account)) == [owner.id])
        await #expect(throws: ClientError(.usage, "")) { try await porch.revoke(guest.id) }
        await guest.close()
      }
    }
  }

  static func expectFrames(_ events: inout Watch.Iterator, _ camera: TestCamera, count: Int) async throws {
    var payloads: [String] = []
    var isSent = false
    while payloads.count < count, let event = try await events.next() {
      switch event {
      case .epoch(_, let classes):
        #expect(classes == [.video])
        if !isSent { try await camera.sendVideo(frames: count) }
        isSent = true
      case .opened(let media) where media.content == .chunk:
        payloads.append(String(decoding: media.payload, as: UTF8.self))
      case .refused(let code, _, _): Issue.record("refused: \(code)")
      default: break
      }
    }
    #expect(payloads == (1...count).map { "frame \($0)" })
  }

  /// A camera that does not answer: the relay has the revocation, and pending is what it is.
  @Test func aDeafCameraLeavesItPending() async throws {
    try await World.run { world in
      try await world.paired { _, porch in
        let guest = try await world.account("guest")
        _ = try await porch.share(with: guest.id, classes: [.video])
        let link = try await guest.camera()
        await world.camera.setDeaf(true)
        let confirmation = try await porch.revoke(guest.id, waiting: .milliseconds(300))
        #expect(confirmation == .pending)
        // The relay cuts at once as well.
        var events = try link.watch().makeAsyncIterator()
        let error = await #expect(throws: ClientError.self) { while try await events.next() != nil {} }
        #expect(error?.code == .cut)
        await guest.close()
      }
    }
  }

  /// A camera that takes the revocation and goes on sealing to the account: never confirmed, and an alarm.
  @Test func aRevocationIsConfirmedByTheKeysAndNotByTheRoster() async throws {
    try await World.run { world in
      try await world.paired { owner, porch in
        let guest = try await world.account("guest")
        _ = try await porch.share(with: guest.id, classes: [.video])
        try await world.camera.favour(guest.id)
        let confirmation = try await porch.revoke(guest.id, waiting: .milliseconds(500))
        #expect(confirmation == .pending)
        // The roster holds it, sooner or later; the test's limit is the limit.
        while try await !porch.shares().isEmpty { try await Task.sleep(for: .milliseconds(50)) }
        let alarms = try await porch.keyHolders().filter { !$0.isInRoster }
        #expect(alarms.map(\.account) == [guest.id])
        await guest.close()
      }
    }
  }

  @Test func refusalsAndRetries() async throws {
    try await World.run { world in
      try await world.paired { _, porch in
        let guest = try await world.account("guest")
        await world.camera.refuse(.notAllowed)
        await #expect(throws: ClientError(.refused, "")) { try await porch.share(with: guest.id, classes: [.video]) }
        // Made anew on the head that stands.
        await world.camera.refuse(.otherHead)
        let (_, answer) = try await porch.share(with: guest.id, classes: [.video])
        #expect(answer.isConfirmed)
        await #expect(throws: ClientError(.usage, "")) { try await porch.share(with: "abc", classes: [.video]) }
        await #expect(throws: ClientError(.usage, "")) { try await porch.share(with: guest.id, classes: [.event]) }
        let link = try await guest.camera()
        await #expect(throws: ClientError(.notOwner, "")) { try await link.permissions() }
        await guest.close()
      }
    }
  }

  @Test func aZoneThatNobodyKnowsIsRefusedBeforeItDenies() async throws {
    let zones = NSTemporaryDirectory() + "pumpkii-zones-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: zones) }
    #expect(!ZoneBook(folder: zones).isThere)
    try FileManager.default.createDirectory(atPath: "\(zones)/Europe", withIntermediateDirectories: true)
    try Data("no zone".utf8).write(to: URL(fileURLWithPath: "\(zones)/Europe/List"))
    for name in ["Europe/Atlantis", "Europe/List", "Europe", "", "../etc/hostname"] {
      #expect(!ZoneBook(folder: zones).has(name), "\(name)")
    }
    guard ZoneBook().isThere else { return }
    #expect(ZoneBook().has("Europe/Berlin") && !ZoneBook().has("Europe/Atlantis"))
    try await World.run { world in
      try await world.paired { _, porch in
        let window = Permissions.Window(flags: ["sensor.camera"], days: [1], from: 0, to: 60)
        await #expect(throws: ClientError(.usage, "")) {
          try await porch.setSchedule([window], zone: "Europe/Atlantis")
        }
        let before = try await porch.permissions()
        #expect(before.version == 0)
        let answer = try await porch.setSchedule([window], zone: "Europe/Berlin")
        #expect(answer.isConfirmed)
      }
    }
  }

  @Test func permissions() async throws {
    try await World.run { world in
      try await world.paired { _, porch in
        let before = try await porch.permissions()
        #expect(before.version == 0)
        #expect(!before.allows("sensor.camera"))
        let (set, answer) = try await porch.setPermissions(["sensor.camera": true, "share.video": true])
        #expect(answer.isConfirmed)
        #expect(set.version == 1)
        let shown = try await porch.permissions()
        #expect(shown == set)
        #expect(shown.allows("sensor.camera"))
        #expect(!shown.allows("sensor.microphone"))
        let (next, _) = try await porch.setPermissions(["share.video": false])
        #expect(next.version == 2)
        #expect(next.allows("sensor.camera"))
        #expect(!next.allows("share.video"))
        await #expect(throws: ClientError(.usage, "")) { try await porch.setPermissions(["sensor.nose": true]) }
      }
    }
  }
}
